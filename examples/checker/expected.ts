// What an example says it prints. A comment that begins with an arrow holds the first line, alone or behind the
// statement; the comments right below it that begin with three spaces hold the next ones:
//
//   console.log(table); // →   t   H
//   //     1   0.30

const FIRST = /\/\/ → ?(.*)$/;
const NEXT = /^\s*\/\/ {3}(.*)$/;

/** The lines that the comments of an example promise, in the order of the source. Spaces at the end do not count. */
export function expectedLines(source: string): string[] {
  const lines: string[] = [];
  let open = false;
  for (const line of source.split(/\r?\n/)) {
    const text: string | undefined = FIRST.exec(line)?.[1] ?? (open ? NEXT.exec(line)?.[1] : undefined);
    open = text !== undefined;
    if (text !== undefined) lines.push(text.trimEnd());
  }
  return lines;
}
