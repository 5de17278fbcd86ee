// Breaking text between words so that no line is longer than the terminal is wide. Only a word that is longer by
// itself, such as a path, keeps its length: it is there to be copied.

/** What stays on one line: a word, or a number with its per cent sign. */
const WORDS = /\S+(?:(?<=\d) %\S*)?/g;
/** In a command, an option and its value. */
const COMMAND_WORDS = /--?[\w-]+ [^-\s]\S*|\S+/g;

/** The lines of one paragraph without indentation, none longer than `width` where words allow it. */
export function brokenLines(text: string, width: number, words = WORDS): string[] {
  const lines: string[] = [];
  let line = '';
  for (const [word] of text.matchAll(words)) {
    if (line === '') line = word;
    else if (line.length + 1 + word.length <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

/** Before what follows of a command. */
const MORE = '    ';

/** A command to be typed, broken as a shell allows it. */
function brokenCommand(line: string, width: number): string[] {
  const [, indent, command] = /^( *)\$ (.*)$/.exec(line)!;
  const lines = brokenLines(command!, width - indent!.length - MORE.length - 2, COMMAND_WORDS);
  return lines.map(
    (line, i) => `${indent}${i === 0 ? '$ ' : MORE}${line}${i + 1 < lines.length ? ' \\' : ''}`,
  );
}

/** Breaks each line that is too long; what follows is indented as its line was. */
export function wrap(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => {
      if (line.length <= width) return [line];
      if (/^ *\$ /.test(line)) return brokenCommand(line, width);
      const indent = /^ */.exec(line)![0];
      return brokenLines(line, width - indent.length).map((part) => indent + part);
    })
    .join('\n');
}

/**
 * The same for text that was set for another width: neighbouring lines that begin at the margin are one paragraph,
 * and a command that goes on behind a backslash is one command.
 */
export function reflow(text: string, width: number): string {
  const joined = text.replace(/ *\\\n +/g, ' ').replace(/(?<=^\S.*)\n(?=\S)/gm, ' ');
  return wrap(joined, width);
}
