// How wide text is, without a DOM to ask. The widths are on the safe side of the usual sans-serif fonts, so that labels
// measured here rarely collide on a screen.

const NARROW = /[ijlftrI.,:;'|!()[\]{} ]/;
const WIDE = /[mwMW@%]/;
const CAPITAL = /[A-Z0-9_#&$<>=+~^−–?]/;

/** Estimated width in px of a line of text at a font size in px. */
export function textWidth(text: string, size: number): number {
  let em = 0;
  for (const c of text) {
    if (NARROW.test(c)) em += 0.36;
    else if (WIDE.test(c)) em += 0.92;
    else if (CAPITAL.test(c)) em += 0.66;
    else em += c.codePointAt(0)! < 0x2e80 ? 0.58 : 1.05;
  }
  return em * size;
}

/** The text, or as much of it as fits in `width` px with an ellipsis. Never cuts a character in half. */
export function fitText(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text;
  let kept = '';
  for (const c of text) {
    if (textWidth(`${kept}${c}…`, size) > width) break;
    kept += c;
  }
  return `${kept.trimEnd()}…`;
}

/** Text broken at spaces into at most `lines` lines of `width` px; the last one takes the ellipsis. */
export function wrapText(text: string, size: number, width: number, lines: number): string[] {
  const words = text.split(/\s+/).filter(Boolean);
  const out: string[] = [];
  while (words.length > 0) {
    let line = words.shift()!;
    const last = out.length === lines - 1;
    while (words.length > 0 && (last || textWidth(`${line} ${words[0]}`, size) <= width))
      line += ` ${words.shift()}`;
    out.push(fitText(line, size, width));
  }
  return out;
}
