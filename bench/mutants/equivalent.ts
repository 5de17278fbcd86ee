// Mutants that no test can notice, since they are the same program by other words, or one that differs in what is
// promised to nobody (time, memory). They are not counted. Each is named by its file, its line as it was, and what it
// was changed to.

interface Equivalent {
  readonly file: string;
  readonly text: string;
  readonly change: string;
  readonly reason: string;
}

const ROWS = 'const rows = x.shape.length > 1 ? x.shape.slice(0, -1).map((_, axis) => axis) : undefined;';
const PARTS =
  'which axes are summed first decides the time alone: every number takes part, and all sums are looked at';

export const EQUIVALENT: readonly Equivalent[] = [
  {
    file: 'src/core/random.ts',
    text: '#s0 = 0;',
    change: '0 -> 1',
    reason: 'the constructor sets it before anybody reads it',
  },
  {
    file: 'src/core/scope.ts',
    text: 'if (resource.grad && !level.has(resource.grad)) resource.grad = null;',
    change: 'resource.grad && !level.has(resource.grad) -> true',
    reason: 'a gradient that is among those to be freed is freed by the same loop, with its leaf or without',
  },
  {
    file: 'src/ops/arithmetic.ts',
    text: 'needs[0] ? mul(g, mul(y!, pow(x!, sub(y!, 1)))) : null,',
    change: 'needs[0] -> true',
    reason: 'a gradient that nobody needs is computed and thrown away',
  },
  {
    file: 'src/ops/arithmetic.ts',
    text: 'needs[1] ? neg(div(mul(g, quotient!), y!)) : null,',
    change: 'needs[1] -> true',
    reason: 'a gradient that nobody needs is computed and thrown away',
  },
  {
    file: 'src/ops/conv.ts',
    text: 'stride: option(whole({ least: 1 }), 1),',
    change: '1 -> 0',
    reason: 'the geometry refuses a stride of 0 in the same words',
  },
  {
    file: 'src/snn/probe/operations.ts',
    text: 'const spikes = input.backend.synchronous ? input.dataSync() : await input.data();',
    change: 'input.backend.synchronous -> false',
    reason: 'both ways read the same numbers; this one a turn later',
  },
  { file: 'src/train/numbers/finite.ts', text: ROWS, change: 'x.shape.length > 1 -> false', reason: PARTS },
  { file: 'src/train/numbers/finite.ts', text: ROWS, change: '> -> <=', reason: PARTS },
  { file: 'src/train/numbers/finite.ts', text: ROWS, change: '0, -1 -> -1, 0', reason: PARTS },
];
