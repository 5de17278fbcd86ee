// Firing rates with depth, and threshold-dependent batch normalisation (tdBN). Currents that are too small leave the
// next layer silent, and layer after layer less is left; tdBN scales them to the threshold. After Zheng et al., AAAI
// 2021.
// Run: npx tsx examples/06-tdbn.ts

import {
  init,
  Lif,
  Linear,
  noGrad,
  type ProbeReport,
  probe,
  Random,
  sequential,
  TdBatchNorm,
  tensor,
} from 'spikegrad';

await init({ precision: 'f64' });

const [T, N, C, depth] = [4, 32, 64, 5];
const noise = new Random(1);
const x = tensor(
  Float64Array.from({ length: T * N * C }, () => noise.normal()),
  [T, N, C],
);

/** Rates of the LIF layers of depth × (linear → tdBN or nothing → LIF), with weights of the given deviation. */
async function look(
  deviation: number,
  norm: boolean,
  dynamics: 'leak' | 'paper' = 'leak',
): Promise<ProbeReport> {
  const random = new Random(2);
  const layers = Array.from({ length: depth }, () => [
    new Linear(C, C, { deviation, random }),
    ...(norm ? [new TdBatchNorm(C)] : []),
    new Lif({ dynamics }),
  ]);
  const network = sequential(...layers.flat());
  const watch = probe(network);
  noGrad(() => network.call(x));
  return watch.report();
}
const percent = (rates: readonly number[]) =>
  rates.map((rate) => `${(100 * rate).toFixed(1)} %`.padStart(7)).join(' ');
const byLayer = ({ layers }: ProbeReport) => percent(layers.map(({ rate }) => rate));

// tdBN: y = λ·α·vth·(x - μ)/√(σ² + ε) + β, with μ and σ² per channel over time and batch
// A row below: how the weights are drawn, and the firing rate of each layer
for (const deviation of [0.02, 0.1, 1]) {
  console.log(`N(0, ${deviation}²)`.padEnd(11), 'plain', byLayer(await look(deviation, false)));
  console.log(`N(0, ${deviation}²)`.padEnd(11), 'tdBN ', byLayer(await look(deviation, true)));
}
// → N(0, 0.02²) plain   0.2 %   0.0 %   0.0 %   0.0 %   0.0 %
//   N(0, 0.02²) tdBN   15.2 %  15.3 %  14.6 %  14.5 %  14.8 %
//   N(0, 0.1²)  plain  24.7 %   9.8 %   3.0 %   0.2 %   0.0 %
//   N(0, 0.1²)  tdBN   15.2 %  15.4 %  14.7 %  14.5 %  15.1 %
//   N(0, 1²)    plain  44.4 %  42.2 %  43.6 %  41.5 %  38.8 %
//   N(0, 1²)    tdBN   15.2 %  15.4 %  14.8 %  14.6 %  15.0 %

// The probe names silent layers
const { warnings } = await look(0.02, false);
console.log(warnings.at(-1)); // → 4 of 5 neuron layers are silent, not one spike: 3, 5, 7, 1 more

// Why y ~ N(0, vth²) fires as it does: at the first step H = X, so P(H >= vth) = P(normal >= 1) = 15.9 %, and the
// quarter of the membrane that is left over changes little. Where nothing leaks but the current is scaled (eq. 4:
// H = V + tau·X), H at the first step has deviation vth/4, and P(normal >= 4) = 0.003 %.
const firstLayer = ({ layers }: ProbeReport) => percent(layers[0]!.ratePerStep);
console.log('leak,  by time step', firstLayer(await look(0.1, true)));
// → leak,  by time step  15.6 %  15.5 %  14.6 %  15.3 %
console.log('eq. 4, by time step', firstLayer(await look(0.1, true, 'paper')));
// → eq. 4, by time step   0.0 %   0.2 %   1.0 %   1.9 %
