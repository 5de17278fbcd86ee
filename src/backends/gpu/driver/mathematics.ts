// JavaScript's Math for kernels, in WGSL and in GLSL. Both languages leave open what their own functions make of NaN,
// of infinities and of 0, and compilers may take numbers for finite; so what is special is told from the bits, and
// only ordinary numbers reach the language's functions. Comparisons and + - * / are the device's.

/** Languages that a kernel is translated to. */
export type Language = 'wgsl' | 'glsl';

interface MathFunction {
  readonly parameters: readonly string[];
  /** In what the two languages share, with `let` for a local number. */
  readonly body: string;
}

const NAN = 'js_number(0x7fc00000u)';
const INFINITY = 'js_number(0x7f800000u)';
const MINUS_INFINITY = 'js_number(0xff800000u)';

/** Bits without the sign: 0 for zeros, 0x7f800000 for infinities, more for NaN. */
const size = (x: string) => `(js_bits(${x}) & 0x7fffffffu)`;
const isNan = (x: string) => `js_isNan(${x})`;
const isZero = (x: string) => `${size(x)} == 0u`;
const isInfinite = (x: string) => `${size(x)} == 0x7f800000u`;
const isNegative = (x: string) => `js_bits(${x}) >= 0x80000000u`;

const one = (body: string): MathFunction => ({ parameters: ['x'], body });
const two = (body: string, parameters = ['a', 'b']): MathFunction => ({ parameters, body });

const passNan = `if (${isNan('x')}) { return x; }`;
const lostNan = `if (${isNan('a')}) { return a; }
  if (${isNan('b')}) { return b; }`;

/** log of any base: subnormal numbers, which a device may take for 0, by their whole multiples of 2^-149. */
const logarithm = (name: string, least: string) =>
  one(`${passNan}
  if (${isZero('x')}) { return ${MINUS_INFINITY}; }
  if (${isNegative('x')}) { return ${NAN}; }
  if (${isInfinite('x')}) { return x; }
  if (js_bits(x) < 0x00800000u) { return ${name}(js_whole(js_bits(x))) - ${least}; }
  return ${name}(x);`);

/**
 * WGSL's may be 5e-4 off: quarters of the circle are taken off in three parts, then series serve. `ahead` in quarters.
 */
const sine = (name: string, ahead: string) =>
  one(`if (${isNan('x')} || ${isInfinite('x')}) { return ${NAN}; }
  if (abs(x) > 20000.0) { return ${name}(x); }
  let k = floor(x * 0.6366197723675814 + 0.5);
  let r = ((x - k * 1.5703125) - k * 4.8351287841796875e-4) - k * 3.139164786504813e-7;
  let s = r * r;
  let value = r * (1.0 - s / 6.0 * (1.0 - s / 20.0 * (1.0 - s / 42.0 * (1.0 - s / 72.0))));
  let quarter = k + ${ahead} - 4.0 * floor((k + ${ahead}) / 4.0);
  if (quarter == 1.0 || quarter == 3.0) {
    value = 1.0 - s / 2.0 * (1.0 - s / 12.0 * (1.0 - s / 30.0 * (1.0 - s / 56.0 * (1.0 - s / 90.0))));
  }
  if (quarter >= 2.0) { return -value; }
  return value;`);

const functions: Readonly<Record<string, MathFunction>> = {
  exp: one(`${passNan}
  if (x >= 88.72284) { return ${INFINITY}; }
  if (x < -104.0) { return 0.0; }
  return exp(x);`),
  log: logarithm('log', '103.27892990343184'),
  log2: logarithm('log2', '149.0'),
  sqrt: one(`if (${isNan('x')} || ${isZero('x')}) { return x; }
  if (${isNegative('x')}) { return ${NAN}; }
  if (${isInfinite('x')}) { return x; }
  return sqrt(x);`),
  pow: two(
    `if (p == 0.0) { return 1.0; }
  if (${isNan('x')} || ${isNan('p')}) { return ${NAN}; }
  if (p == 1.0) { return x; }
  if (p == 2.0) { return x * x; }
  if (${isInfinite('p')}) {
    if (abs(x) == 1.0) { return ${NAN}; }
    if ((abs(x) > 1.0) == (p > 0.0)) { return ${INFINITY}; }
    return 0.0;
  }
  let odd = p - 2.0 * floor(p / 2.0);
  let power = ${INFINITY};
  if (${isZero('x')} || ${isInfinite('x')}) {
    if ((${isZero('x')}) == (p > 0.0)) { power = 0.0; }
  } else {
    if (x < 0.0 && p != floor(p)) { return ${NAN}; }
    let exponent = p * js_log2(abs(x));
    if (exponent < -150.0) { power = 0.0; }
    if (exponent >= -150.0 && exponent < 128.0) { power = pow(abs(x), p); }
  }
  if (odd == 1.0 && ${isNegative('x')}) { return -power; }
  return power;`,
    ['x', 'p'],
  ),
  max: two(`${lostNan}
  return max(a, b);`),
  min: two(`${lostNan}
  return min(a, b);`),
  sign: one(`${passNan}
  if (x > 0.0) { return 1.0; }
  if (x < 0.0) { return -1.0; }
  return x;`),
  // WGSL's may be 1e-5 off. A series near 0, where the quotient loses digits; further terms are below 1e-8
  tanh: one(`${passNan}
  let s = x * x;
  if (abs(x) < 0.25) {
    return x * (1.0 - s * (1.0 / 3.0 - s * (2.0 / 15.0 - s * (17.0 / 315.0 - s * (62.0 / 2835.0)))));
  }
  let decay = js_exp(-2.0 * abs(x));
  let far = (1.0 - decay) / (1.0 + decay);
  if (x < 0.0) { return -far; }
  return far;`),
  sin: sine('sin', '0.0'),
  cos: sine('cos', '1.0'),
  atan: one(`${passNan}
  if (${isInfinite('x')}) { return js_sign(x) * 1.5707963267948966; }
  return atan(x);`),
};

/** Of the functions that a text calls, and those that they call, the definitions. */
function called(text: string): Set<string> {
  const found = new Set<string>();
  const add = (body: string) => {
    for (const [, name] of body.matchAll(/\bjs_(\w+)\(/g)) {
      if (!(name! in functions) || found.has(name!)) continue;
      add(functions[name!]!.body);
      found.add(name!); // behind what it calls: GLSL wants it so
    }
  };
  add(text);
  return found;
}

const primitives: Readonly<Record<Language, string>> = {
  wgsl: `fn js_bits(x : f32) -> u32 { return bitcast<u32>(x); }
fn js_number(bits : u32) -> f32 { return bitcast<f32>(bits); }
fn js_whole(bits : u32) -> f32 { return f32(bits); }
fn js_isNan(x : f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }`,
  glsl: `uint js_bits(float x) { return floatBitsToUint(x); }
float js_number(uint bits) { return uintBitsToFloat(bits); }
float js_whole(uint bits) { return float(bits); }
bool js_isNan(float x) { return (floatBitsToUint(x) & 0x7fffffffu) > 0x7f800000u; }`,
};

function definition(language: Language, name: string): string {
  const { parameters, body } = functions[name]!;
  if (language === 'glsl') {
    const declared = parameters.map((parameter) => `float ${parameter}`).join(', ');
    return `float js_${name}(${declared}) {\n  ${body.replace(/\blet /g, 'float ')}\n}`;
  }
  const declared = parameters.map((parameter) => `${parameter} : f32`).join(', ');
  return `fn js_${name}(${declared}) -> f32 {\n  ${body.replace(/\blet /g, 'var ')}\n}`;
}

/** The definitions that a text in the language needs, of those called `js_…` in it. */
export function mathematics(language: Language, text: string): string {
  if (!text.includes('js_')) return '';
  return [primitives[language], ...[...called(text)].map((name) => definition(language, name))].join('\n');
}

const own = new RegExp(`(?<![\\w.])_?(${Object.keys(functions).join('|')})\\(`, 'g');

/** Statements that gpu.js translated, with our functions for the language's, and comparisons that know NaN. */
export function withMathematics(translated: string): string {
  const comparing = translated.replace(
    /\((\w+)(==|!=)\1\)/g,
    (_, x: string, operator: string) => `(${operator === '==' ? '!' : ''}js_isNan(${x}))`,
  );
  return unequal(comparing).replace(own, 'js_$1(');
}

/** `(a!=b)` as `(!(a==b))`: compilers may take an unordered pair for equal in the one, and never in the other. */
function unequal(text: string): string {
  const at = text.indexOf('!=');
  if (at < 0) return text;
  const begin = bracket(text, at, -1);
  const end = bracket(text, at, 1);
  const inside = `${text.slice(begin + 1, at)}==${text.slice(at + 2, end)}`;
  return unequal(`${text.slice(0, begin)}(!(${inside}))${text.slice(end + 1)}`);
}

/** The bracket around a place, before or behind it. gpu.js puts every comparison into brackets of its own. */
function bracket(text: string, from: number, step: 1 | -1): number {
  let depth = 0;
  for (let i = from; i >= 0 && i < text.length; i += step) {
    if (text[i] === (step === 1 ? '(' : ')')) depth++;
    if (text[i] === (step === 1 ? ')' : '(') && depth-- === 0) return i;
  }
  return step === 1 ? text.length : -1;
}
