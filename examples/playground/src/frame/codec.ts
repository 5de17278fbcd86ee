// A room's state as text, field by field, for the page's address. Whatever a link holds, reading it gives a state of
// the room: a value that is missing, hostile or of an older version is the field's initial one, without an error.

/** The part of an address's query that belongs to one room. */
export type Params = ReadonlyMap<string, string>;

export interface Field<V> {
  readonly initial: V;
  /** The value that `text` stands for; undefined when it stands for none. */
  read(text: string): V | undefined;
  write(value: V): string;
}

export interface Codec<S> {
  readonly initial: S;
  /** Never throws. */
  read(params: Params): S;
  /** Only what differs from the initial state, so that short links stay short. */
  write(state: S): Params;
}

/**
 * @param settle mends combinations that no field sees alone; what it returns must be left as it is by a second call
 */
export function codec<S extends object>(
  fields: { readonly [K in keyof S]: Field<S[K]> },
  settle: (state: S) => S = (state) => state,
): Codec<S> {
  const names = Object.keys(fields) as (keyof S & string)[];
  const start = {} as S;
  for (const name of names) start[name] = fields[name].initial;
  return {
    initial: settle(start),
    read(params) {
      const state = { ...start };
      for (const name of names) {
        const text = params.get(name);
        if (text !== undefined) state[name] = fields[name].read(text) ?? fields[name].initial;
      }
      return settle(state);
    },
    write(state) {
      const params = new Map<string, string>();
      for (const name of names) {
        const text = fields[name].write(state[name]);
        if (text !== fields[name].write(fields[name].initial)) params.set(name, text);
      }
      return params;
    },
  };
}
