// Our own entrant: a program that is given a JOB, any of those in work/.

import { serve, type Work } from './protocol';
import { type ConvJob, convWork } from './work/conv';
import { type FirstStepJob, firstStepWork } from './work/first-step';
import { type KnownJob, knownWork } from './work/known';
import { type MatmulJob, matmulWork } from './work/matmul';
import { type NetworkJob, networkWork } from './work/network';
import { type NeuronJob, neuronWork } from './work/neuron';
import { type NormedJob, normedWork } from './work/normed';
import { type ScanJob, scanWork } from './work/scan';
import { type SparseJob, sparseWork } from './work/sparse';

export type OurJob =
  | NetworkJob
  | KnownJob
  | ConvJob
  | SparseJob
  | MatmulJob
  | NeuronJob
  | NormedJob
  | ScanJob
  | FirstStepJob;

function work(job: OurJob): Promise<Work> {
  switch (job.kind) {
    case 'train':
    case 'infer':
      return networkWork(job);
    case 'known':
      return knownWork(job);
    case 'conv':
      return convWork(job);
    case 'sparse':
      return sparseWork(job);
    case 'matmul':
      return matmulWork(job);
    case 'neuron':
      return neuronWork(job);
    case 'normed':
      return normedWork(job);
    case 'scan':
      return scanWork(job);
    case 'first-step':
      return firstStepWork(job);
  }
}

await serve(work);
