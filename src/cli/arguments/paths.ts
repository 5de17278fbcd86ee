// `~` in a path is the home folder, also where the shell left it as it is: in quotes, or behind a =. And a path that
// stands alone is told where it belongs.

import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Argument, Command, Option } from 'commander';

/** `~` and what is below it; `~name` is a shell's business, and a file may be called so. */
export function expandHome(path: string): string {
  return /^~($|[/\\])/.test(path) ? join(homedir(), path.slice(1)) : path;
}

/** Names of values that are paths. */
const PATH = /^(dir|file|folder|path|run|picture)s?$/;

const nameIn = (flags: string) => /[<[](\w+)(\.\.\.)?[>\]]/.exec(flags)?.[1] ?? '';

/** Makes it so for all options and arguments of a command that are paths. */
export function understandHome(command: Command): void {
  for (const option of pathOptions(command)) expandIn(option);
  for (const argument of command.registeredArguments) if (PATH.test(argument.name())) expandIn(argument);
}

/** The options of a command that take a path. */
export function pathOptions(command: Command): Option[] {
  return command.options.filter(({ flags }) => PATH.test(nameIn(flags)));
}

function expandIn(taker: Option | Argument): void {
  const read = taker.parseArg as ((word: string, former: unknown) => unknown) | undefined;
  taker.argParser((word: string, former: unknown) => {
    const path = expandHome(word);
    if (read !== undefined) return read(path, former);
    return taker.variadic ? [...(Array.isArray(former) ? former : []), path] : path;
  });
}
