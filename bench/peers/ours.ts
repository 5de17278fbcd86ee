// Our own entrant: `tsx ours.ts JOB` with any of the jobs in work/.

import { serve, type Work } from './protocol';
import { type ConvJob, convWork } from './work/conv';
import { type MatmulJob, matmulWork } from './work/matmul';
import { type NetworkJob, networkWork } from './work/network';
import { type PeakJob, peakWork } from './work/peak';

function work(job: NetworkJob | ConvJob | MatmulJob | PeakJob): Promise<Work> {
  switch (job.kind) {
    case 'train':
    case 'infer':
      return networkWork(job);
    case 'conv':
      return convWork(job);
    case 'matmul':
      return matmulWork(job);
    case 'peak':
      return peakWork(job);
  }
}

await serve(work);
