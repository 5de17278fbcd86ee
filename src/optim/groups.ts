// Parameters with constants of their own. A group's learning rate is kept as its share of the optimiser's, which a
// schedule moves.

import { Tensor } from '../core/tensor';
import { check } from '../errors';
import { anObject, checkKind, kind, type Option, OptionTable, optional, required } from '../options';
import type { OptimizerGroup } from './optimizer';
import { checkParameters } from './parameters';

/** Parameters and the constants that differ from the optimiser's. `O` are the optimiser's options. */
export type ParameterGroup<O> = Partial<O> & { readonly parameters: readonly Tensor[] };

/** What an optimiser trains: parameters, as `network.parameters()` gives them, or groups of them. */
export type TrainedParameters<O> = readonly Tensor[] | readonly ParameterGroup<O>[];

/** The constants that every optimiser has. */
export interface OptimizerConstants {
  readonly lr: number;
  readonly weightDecay: number;
}

type Table = OptionTable<Readonly<Record<string, Option<unknown, unknown>>>>;

/** A group at work: its constants can be read and set by name. */
export type GroupOf<C extends OptimizerConstants> = OptimizerGroup & { -readonly [K in keyof C]: C[K] };

/** Groups of one optimiser, and the rate that theirs are shares of. */
export class Groups<C extends OptimizerConstants> {
  readonly list: readonly GroupOf<C>[];
  #lr: number;
  readonly #shares: number[];

  /**
   * @param where the optimiser's name
   * @param given parameters or groups
   * @param constants the optimiser's, filled in
   * @param table of the optimiser's options
   */
  constructor(
    readonly where: string,
    given: unknown,
    constants: C,
    readonly table: Table,
  ) {
    this.#lr = constants.lr;
    const groups = readGroups(where, given, table);
    this.#shares = groups.map(({ lr = constants.lr }) => {
      check(
        constants.lr > 0 || lr === 0,
        where,
        () => `a group has lr ${String(lr)}, the others 0: which share of a rate it has cannot be told`,
      );
      return lr === constants.lr ? 1 : (lr as number) / constants.lr;
    });
    this.list = groups.map((group, g) => this.#group(group, constants, g));
  }

  get lr(): number {
    return this.#lr;
  }

  set lr(value: number) {
    this.check('lr', value);
    this.#lr = value;
  }

  check(name: string, value: unknown): void {
    checkKind(this.where, name, this.table.specs[name]!.kind, value);
  }

  #group({ parameters, ...own }: ReadGroup, constants: C, g: number): GroupOf<C> {
    const values: Record<string, unknown> = {};
    for (const [name, value] of Object.entries({ ...constants, ...own })) values[name] = ownCopy(value);
    const group = { parameters };
    for (const name of Object.keys(constants))
      Object.defineProperty(group, name, {
        enumerable: true,
        get: () => (name === 'lr' ? this.#shares[g]! * this.#lr : values[name]),
        set: (value: unknown) => {
          this.check(name, value);
          if (name !== 'lr') values[name] = ownCopy(value);
          else this.#shares[g] = this.#shareOf(value as number);
        },
      });
    return group as GroupOf<C>;
  }

  #shareOf(lr: number): number {
    check(
      this.#lr > 0 || lr === 0,
      this.where,
      () => `a group cannot have lr ${lr} while the optimiser's is 0: set optimizer.lr first`,
    );
    return lr === this.#lr ? 1 : lr / this.#lr;
  }
}

/** Of a list such as `betas` a copy that nobody changes unseen. */
const ownCopy = (value: unknown): unknown => (Array.isArray(value) ? Object.freeze([...value]) : value);

interface ReadGroup {
  readonly parameters: readonly Tensor[];
  readonly lr?: unknown;
}

const listOfTensors = kind<readonly Tensor[]>(
  'a list of tensors',
  (value) => Array.isArray(value) && value.every((entry) => entry instanceof Tensor),
);

/** PyTorch calls them `params`, of which the table's check tells. */
const isGroup = (entry: unknown): boolean =>
  anObject.holds(entry) && ('parameters' in entry || 'params' in entry);

function readGroups(where: string, given: unknown, table: Table): ReadGroup[] {
  const isGroups = Array.isArray(given) && given.some(isGroup);
  if (!isGroups) checkParameters(where, given);
  const groups = isGroups
    ? given.map((entry, g) => readGroup(`${where}: groups[${g}]`, entry, table))
    : [{ parameters: given as readonly Tensor[] }];
  const seen = new Set<Tensor>();
  for (const { parameters } of groups) {
    // within one list what two layers share may stand twice; in two groups it would have two rates
    const own = new Set(parameters);
    for (const parameter of own) {
      check(!seen.has(parameter), where, 'a parameter is in two groups');
      seen.add(parameter);
    }
  }
  check(seen.size > 0, where, 'got no parameters to train');
  return groups.map((group) => ({ ...group, parameters: [...new Set(group.parameters)] }));
}

/** A group's own constants; what is left out stays out. */
function readGroup(where: string, given: unknown, table: Table): ReadGroup {
  const specs = Object.fromEntries(table.names.map((name) => [name, optional(table.specs[name]!.kind)]));
  const read = new OptionTable({ ...specs, parameters: required(listOfTensors) }).read(where, given);
  return Object.fromEntries(
    Object.entries(read).filter(([, value]) => value !== undefined),
  ) as unknown as ReadGroup;
}
