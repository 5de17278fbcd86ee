// Node's own modules where there are any, for files that browsers load too.

/** Node's own module, without an import that a browser bundle would meet; undefined elsewhere. */
export function nodeModule<M>(name: string): M | undefined {
  const node = globalThis.process as { getBuiltinModule?: (name: string) => unknown } | undefined;
  return node?.getBuiltinModule?.(`node:${name}`) as M | undefined;
}
