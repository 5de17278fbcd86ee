// How each side of a comparison is started.

import { join } from 'node:path';
import { OURS } from './bundle';
import type { EntrantPlan } from './entrant';
import type { OurJob } from './ours';
import type { ConvJob } from './work/conv';
import type { KnownJob } from './work/known';
import type { NetworkJob } from './work/network';
import type { ScanJob } from './work/scan';
import type { SparseJob } from './work/sparse';

const HERE = 'bench/peers';
const node = (file: string) => [process.execPath, '--import', 'tsx', join(HERE, file)];
const python = (file: string) => [process.env.PYTHON ?? '/usr/bin/python3', join(HERE, 'python', file)];

/** How often it works, and what a repetition counts for. */
export type Pace = Pick<EntrantPlan, 'units' | 'repetitions' | 'warmup' | 'rounds' | 'counts'>;

export function ours(name: string, job: OurJob, pace: Pace): EntrantPlan {
  return { name, command: [process.execPath, OURS], job, ...pace };
}

/**
 * `plain`: as it is first written. `last`: channels last, the first convolution once for all T. `compiled`: that
 * through torch.compile. `int8`: with its convolutions in PyTorch's 8-bit integers.
 */
export function torchNetwork(
  name: string,
  job: NetworkJob & {
    readonly layout: 'plain' | 'last' | 'compiled' | 'int8';
    /** Whose neurons the network has; none: those of bench/peers/python/neuron.py. */
    readonly library?: 'spikingjelly' | 'snntorch';
  },
  pace: Pace,
  environment: Readonly<Record<string, string>> = {},
): EntrantPlan {
  return { name, command: python('step.py'), job, environment, ...pace };
}

/** ONNX Runtime on the network that we export to the file `model`. */
export function onnxNetwork(job: NetworkJob & { readonly model: string }, pace: Pace): EntrantPlan {
  return { name: 'ONNX Runtime', command: python('onnx_step.py'), job, ...pace };
}

/** PyTorch and oneDNN held to the vectors that WebAssembly has. */
export const ONLY_128_BITS = { ONEDNN_MAX_CPU_ISA: 'SSE41', ATEN_CPU_CAPABILITY: 'default' };

/** Threads sleep at barriers instead of spinning: slower on a quiet machine, many times faster on a busy one. */
export const PATIENT = { OMP_WAIT_POLICY: 'PASSIVE' };

export function torchConv(job: ConvJob, pace: Pace): EntrantPlan {
  return { name: 'PyTorch, channels last', command: python('conv.py'), job, ...pace };
}

export function torchSparse(job: SparseJob, pace: Pace): EntrantPlan {
  return { name: 'PyTorch, channels last', command: python('sparse.py'), job, ...pace };
}

/** SpikingJelly's own networks; threads that wait sleep, since those that spin would count as work. */
export function jelly(
  name: string,
  job: KnownJob & { readonly layout: 'plain' | 'last' | 'once' | 'compiled' },
  pace: Pace,
): EntrantPlan {
  return { name, command: python('jelly.py'), job, environment: PATIENT, ...pace };
}

/** LIF or ALIF alone: loops in PyTorch, or modules of libraries on it. */
export function torchNeuron(
  name: string,
  job: Omit<ScanJob, 'kind' | 'layout'> & {
    readonly kind: 'eager' | 'compiled' | 'snntorch' | 'spikingjelly';
  },
  pace: Pace,
): EntrantPlan {
  return { name, command: python('lif.py'), job, ...pace };
}

export function tfjsStep(job: Pick<NetworkJob, 'timesteps' | 'batch'>, pace: Pace): EntrantPlan {
  return { name: 'TensorFlow.js cpu', command: node('javascript/tfjs-step.mjs'), job, ...pace };
}

export function tfjsMatmul(backend: 'cpu' | 'wasm', size: number, pace: Pace): EntrantPlan {
  const job = { backend, size };
  return { name: `TensorFlow.js ${backend}`, command: node('javascript/tfjs-matmul.mjs'), job, ...pace };
}

export function jaxMatmul(size: number, pace: Pace): EntrantPlan {
  return { name: 'jax-js wasm', command: node('javascript/jax-matmul.mjs'), job: { size }, ...pace };
}

/** 128-bit multiply-adds without memory: how far from the end of the road a product is. */
export function peak(pace: Pace): EntrantPlan {
  return { name: '128-bit multiply-adds without memory', command: node('peak.ts'), job: {}, ...pace };
}

export function prototype(job: Pick<NetworkJob, 'timesteps' | 'batch' | 'threads'>, pace: Pace): EntrantPlan {
  return { name: 'hard-wired prototype', command: node('javascript/prototype.mjs'), job, ...pace };
}
