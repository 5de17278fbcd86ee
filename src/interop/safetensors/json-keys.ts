// Finds a key that occurs twice in one object of a JSON text: JSON.parse silently keeps the last one, which lets a file
// show one tensor to a checker and another to a loader. Not a parser: the text must already have passed JSON.parse.

/** The first key that its object already had, or undefined. Linear in the text, no recursion. */
export function duplicateKey(json: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < json.length; at++) {
    const c = json[at];
    if (c === '{' || c === '[') open.push(undefined);
    else if (c === '}' || c === ']') open.pop();
    else if (c === '"') {
      const end = closingQuote(json, at);
      if (isKey(json, end)) {
        const raw = json.slice(at, end + 1);
        const key: string = raw.includes('\\') ? JSON.parse(raw) : raw.slice(1, -1);
        const depth = open.length - 1;
        const seen = open[depth] ?? new Set<string>();
        open[depth] = seen;
        if (seen.has(key)) return key;
        seen.add(key);
      }
      at = end;
    }
  }
  return undefined;
}

function closingQuote(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at;
}

/** In valid JSON a string is a key exactly when a colon follows it. */
function isKey(json: string, end: number): boolean {
  let at = end + 1;
  while (json[at] === ' ' || json[at] === '\n' || json[at] === '\r' || json[at] === '\t') at++;
  return json[at] === ':';
}
