// Commands of which only the one that is asked for is loaded; the others are names with a description, for the list of
// commands and for guesses at a misspelt one.

import { Command } from 'commander';

export interface LazyCommand {
  readonly name: string;
  readonly description: string;
  /** Not in the list of commands. */
  readonly isHidden?: boolean;
  readonly load?: () => Promise<Command>;
  readonly children?: readonly LazyCommand[];
}

/** @param words the whole command line: what is named there, be it behind `help`, is loaded */
export async function addCommands(
  parent: Command,
  commands: readonly LazyCommand[],
  words: readonly string[],
): Promise<void> {
  for (const { name, description, isHidden = false, load, children } of commands) {
    const command = words.includes(name) && load !== undefined ? await load() : new Command(name);
    if (children !== undefined) await addCommands(command, children, words);
    parent.addCommand(command.description(description), { hidden: isHidden });
  }
  // of one that is not loaded nobody knows the arguments
  parent.configureHelp({ subcommandTerm: (command) => command.name() });
}
