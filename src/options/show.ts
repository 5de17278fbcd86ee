// A value that was not what was wanted, in a few words of an error message.

const LONGEST = 60;

/** `'arctan'`, `NaN`, `a function arctan`, `Float32Array of 3`, `{ k: 7 }`. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `a function${value.name === '' ? '' : ` ${value.name}`}`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value))
    return value.length <= 4 ? `[${value.map(brief).join(', ')}]` : `a list of ${value.length}`;
  if (ArrayBuffer.isView(value))
    return `${value.constructor.name} of ${'length' in value ? String(value.length) : value.byteLength}`;
  const name = (Object.getPrototypeOf(value) as object | null)?.constructor?.name;
  if (name !== undefined && name !== 'Object') return `a ${name}`;
  const keys = Object.keys(value);
  return keys.length === 0 ? '{}' : `{ ${keys.slice(0, 4).join(', ')}${keys.length > 4 ? ', …' : ''} }`;
}

const brief = (value: unknown): string =>
  typeof value === 'object' && value !== null ? (Array.isArray(value) ? '[…]' : '{…}') : shown(value);
