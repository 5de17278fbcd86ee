// The conformance suite in a page: the gpu backend of the built package against its f64 reference, one kernel at a time.
// Bundled on its way to the browser, with the suite in it.

import type { GpuBackend } from '../../src/gpu';
import type * as Spikegrad from '../../src/index';
import { conformanceCases, type KernelName } from '../../src/testing/conformance';

export interface Conformance {
  api: string;
  cases: number;
  failures: string[];
  /** Buffers or textures that are still held. */
  live: number;
}

let backends: Promise<{ gpu: GpuBackend; reference: Spikegrad.Backend }> | undefined;

async function start(spikegrad: typeof Spikegrad): Promise<GpuBackend> {
  return (await spikegrad.createBackend({ backend: 'gpu' })) as GpuBackend;
}

export async function conform(spikegrad: typeof Spikegrad, kernel: KernelName): Promise<Conformance> {
  backends ??= start(spikegrad).then(async (backend) => ({
    gpu: backend,
    reference: await spikegrad.createBackend({ backend: 'cpu', precision: 'f64' }),
  }));
  const { gpu, reference } = await backends;
  const cases = conformanceCases().filter((one) => one.kernel === kernel);
  const failures: string[] = [];
  for (const { name, run } of cases) {
    try {
      await run(reference, gpu);
    } catch (error) {
      failures.push(`${name}: ${error}`);
    }
  }
  return { api: gpu.api, cases: cases.length, failures, live: gpu.memory().live };
}

/** What an adapter says of itself, and what it answers when it is asked for its limits. */
export async function describeGpu(spikegrad: typeof Spikegrad) {
  const gpu = await start(spikegrad);
  const limits = await gpu.limits().catch((error) => String(error));
  const { api, adapter, largestTensor } = gpu;
  gpu.close();
  let afterwards = 'nothing';
  try {
    gpu.upload([1]);
  } catch (error) {
    afterwards = String(error);
  }
  return { api, adapter, largestTensor, limits, afterwards };
}
