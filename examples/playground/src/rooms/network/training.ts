// The training behind the Network room: spiking networks with MPR and without, or one of the reader's own neurons, from
// the same first weights, step by step on the same batches. It knows nothing of pages and workers.

import {
  crossEntropy,
  Direct,
  exp,
  Lif,
  Linear,
  logSoftmax,
  type Module,
  mpr,
  noGrad,
  probe,
  Random,
  type Sequential,
  Sgd,
  scope,
  sequential,
  TdBatchNorm,
  type Tensor,
  TimeMean,
  tensor,
} from 'spikegrad';
import { GRID, type Losses, type NetworkPicture, REACH, type Score, type Snapshot } from './messages';
import { drawPoints, type Points } from './points';
import { kindsOf, type NetworkKind, type TrainingSettings } from './state';

const POINTS = 160;
const BATCH = 32;
const MOMENTUM = 0.9;

/** Losses are kept at every step that this divides. */
const KEEP_EVERY = 5;

/** A neuron of the reader's own for the layers of a network. */
export interface OwnNeuron {
  layer(): Module;
  /** The size of its currents: the least constant one that makes it fire within two steps, or at all. */
  readonly drive: number;
}

/** @throws with a sentence for the reader where it cannot stand in a network */
export type MakeOwn = (settings: TrainingSettings) => OwnNeuron;

const noOwn: MakeOwn = () => {
  throw new Error('a neuron of your own learns in a web worker, which this browser has not');
};

/** Points [N,2] to the votes [N,2] of the classes. Equal seeds give equal weights, whatever the neurons. */
export function spikingMlp(settings: TrainingSettings, kind: NetworkKind, makeOwn = noOwn): Sequential {
  const { layers, width, T, tau, k, seed } = settings;
  const own = kind === 'own' ? makeOwn(settings) : undefined;
  const neuron = { tau, rectifier: kind === 'with' ? mpr({ k }) : null };
  const random = new Random(seed, 1);
  const hidden = Array.from({ length: layers }, (_, i) => [
    i === 0
      ? new Linear(2, width, { bias: false, deviation: 1, random })
      : new Linear(width, width, { bias: false, deviation: 1 / Math.sqrt(width), random }),
    ...(i === 0 ? [new Direct(T)] : []), // the same current at each time step
    ...(own === undefined
      ? [new TdBatchNorm(width), new Lif(neuron)]
      : [new TdBatchNorm(width, { vth: own.drive }), own.layer()]),
  ]);
  return sequential(...hidden.flat(), new Linear(width, 2, { random }), new TimeMean());
}

interface Learner {
  readonly kind: NetworkKind;
  readonly network: Sequential;
  readonly optimiser: Sgd;
}

const grid = Float32Array.from({ length: 2 * GRID * GRID }, (_, i) => {
  const point = i >> 1;
  const place = (index: number) => ((2 * index) / (GRID - 1) - 1) * REACH;
  return i % 2 === 0 ? place(point % GRID) : -place(Math.floor(point / GRID));
});

const planar = (places: Float32Array): Tensor => tensor(places, [places.length / 2, 2]);

export class Training {
  readonly #settings: TrainingSettings;
  readonly #train: Points;
  readonly #test: Points;
  readonly #learners: readonly Learner[];
  readonly #history: Losses[] = [];
  #step = 0;
  #order: Uint32Array = new Uint32Array();

  constructor(settings: TrainingSettings, makeOwn?: MakeOwn) {
    this.#settings = settings;
    this.#train = drawPoints(settings, POINTS, 0);
    this.#test = drawPoints(settings, POINTS, 1);
    this.#learners = kindsOf[settings.networks].map((kind) => {
      const network = spikingMlp(settings, kind, makeOwn);
      return {
        kind,
        network,
        optimiser: new Sgd(network.parameters(), { lr: settings.lr, momentum: MOMENTUM }),
      };
    });
    this.#keepLosses();
  }

  advance(steps: number): void {
    for (let i = 0; i < steps; i++) {
      const batch = this.#nextBatch();
      for (const learner of this.#learners) learn(learner, batch);
      this.#step += 1;
      if (this.#step % KEEP_EVERY === 0) this.#keepLosses();
    }
  }

  async snapshot(): Promise<Snapshot> {
    const networks: NetworkPicture[] = [];
    for (const learner of this.#learners) networks.push(await this.#picture(learner));
    return {
      step: this.#step,
      T: this.#settings.T,
      train: this.#train,
      test: this.#test,
      networks,
      history: [...this.#history],
    };
  }

  dispose(): void {
    for (const { network, optimiser } of this.#learners) {
      network.dispose();
      optimiser.dispose();
    }
  }

  /** Every epoch sees every point once, in an order of its own. */
  #nextBatch(): Points {
    const perEpoch = POINTS / BATCH;
    const [epoch, place] = [Math.floor(this.#step / perEpoch), this.#step % perEpoch];
    if (place === 0) this.#order = new Random(this.#settings.seed, 2, epoch).permutation(POINTS);
    const chosen = this.#order.subarray(place * BATCH, (place + 1) * BATCH);
    const { places, labels } = this.#train;
    return {
      places: Float32Array.from({ length: 2 * BATCH }, (_, i) => places[2 * chosen[i >> 1]! + (i % 2)]!),
      labels: Uint8Array.from(chosen, (index) => labels[index]!),
    };
  }

  #keepLosses(): void {
    const losses = (points: Points) => this.#learners.map(({ network }) => score(network, points).loss);
    this.#history.push({ step: this.#step, train: losses(this.#train), test: losses(this.#test) });
  }

  async #picture({ kind, network }: Learner): Promise<NetworkPicture> {
    const look = probe(network);
    const test = score(network, this.#test);
    const { layers } = await look.report();
    look.detach();
    const { decision, spikes } = survey(network);
    return {
      kind,
      train: score(network, this.#train),
      test,
      decision,
      layers: layers.map(({ neurons, rate, quantization }, i) => ({
        neurons,
        spikes: spikes[i]!,
        rate,
        ...(quantization !== undefined && {
          error: { before: quantization.before.absolute, after: quantization.after.absolute },
        }),
        learned: learnedOf(network.layers.filter(isSpiking)[i]),
      })),
    };
  }
}

function learn({ network, optimiser }: Learner, { places, labels }: Points): void {
  network.train();
  scope(() => {
    crossEntropy(network.call(planar(places)), labels).backward();
    optimiser.step();
    optimiser.zeroGrad();
  });
}

type Learned = Readonly<Record<string, Tensor>>;
/** A layer of neurons of equations, told by what it has: its class would bring the compiler along. */
const hasEquations = (layer: unknown): layer is Module & { readonly learned: Learned } =>
  typeof layer === 'object' && layer !== null && 'learned' in layer;
const isSpiking = (layer: Module): boolean => layer instanceof Lif || hasEquations(layer);

/** A layer's learnt parameters; of those by channel the mean. */
function learnedOf(layer: Module | undefined): Record<string, number> {
  if (!hasEquations(layer)) return {};
  const mean = (list: ArrayLike<number>) => Array.from(list).reduce((a, b) => a + b, 0) / list.length;
  return Object.fromEntries(
    Object.entries(layer.learned).map(([name, tensor]) => [name, mean(tensor.dataSync())]),
  );
}

/** What the network makes of points, without learning from them. */
function answers<R>(network: Sequential, places: Float32Array, read: (votes: Tensor) => R): R {
  network.evaluate();
  return noGrad(() => scope(() => read(network.call(planar(places)))));
}

function score(network: Sequential, { places, labels }: Points): Score {
  return answers(network, places, (votes) => {
    const numbers = votes.dataSync();
    const right = labels.filter((label, i) => Number(numbers[2 * i + 1]! > numbers[2 * i]!) === label);
    return { loss: crossEntropy(votes, labels).itemSync(), right: right.length / labels.length };
  });
}

/** The decision over the whole grid, and the spikes of each layer on the way to it. */
function survey(network: Sequential): {
  decision: Float32Array<ArrayBuffer>;
  spikes: Uint8Array<ArrayBuffer>[];
} {
  const spikes: Uint8Array<ArrayBuffer>[] = [];
  const hooks = network.layers
    .filter(isSpiking)
    .map((layer) =>
      layer.onForward((_, output) => spikes.push(Uint8Array.from(output.dataSync(), (o) => Number(o !== 0)))),
    );
  try {
    const decision = answers(network, grid, (votes) => {
      const shares = exp(logSoftmax(votes)).dataSync();
      return Float32Array.from({ length: GRID * GRID }, (_, i) => shares[2 * i + 1]!);
    });
    return { decision, spikes };
  } finally {
    for (const remove of hooks) remove();
  }
}
