// The conformance suite in a page: the gpu backend of the built package against its f64 reference, one kernel at a
// time. Bundled on its way to the browser, with the suite in it.

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

/** What an adapter says of itself, and what it answers to what it cannot do. */
export async function describeGpu(spikegrad: typeof Spikegrad) {
  const gpu = await start(spikegrad);
  const { adapter, largestTensor } = gpu;
  const attempt = async (act: () => unknown) => {
    try {
      return await act();
    } catch (error) {
      return String(error);
    }
  };
  const limits = await attempt(() => gpu.limits());
  const tooLarge = await attempt(() => gpu.full(largestTensor / 4 + 1, 0));
  gpu.close();
  return { adapter, largestTensor, limits, tooLarge, afterwards: await attempt(() => gpu.upload([1])) };
}

/**
 * Numbers in their order by rows of `width` once more by columns, doubled: as much as several rows of a texture hold.
 */
export async function transposeAndDouble(spikegrad: typeof Spikegrad, height: number, width: number) {
  const gpu = await start(spikegrad);
  const handle = gpu.upload(Array.from({ length: height * width }, (_, i) => i));
  const turned = { handle: gpu.permute({ handle, shape: [height, width] }, [1, 0]), shape: [width, height] };
  gpu.free(handle); // what is made next may lie where it lay
  const doubled = gpu.binary('add', turned, turned, turned.shape);
  gpu.overwrite(turned.handle, new Float32Array(height * width));
  const numbers = Array.from(await gpu.read(doubled));
  gpu.close();
  return numbers;
}

/**
 * The same in a browser that reads back four channels only, as the standard allows it to; then in one without WebGL2.
 */
export async function withLess(spikegrad: typeof Spikegrad, height: number, width: number) {
  const { getParameter } = WebGL2RenderingContext.prototype;
  WebGL2RenderingContext.prototype.getParameter = function (name: number) {
    const asks = name === this.IMPLEMENTATION_COLOR_READ_FORMAT;
    return asks ? this.RGBA : getParameter.call(this, name);
  };
  const numbers = await transposeAndDouble(spikegrad, height, width);
  OffscreenCanvas.prototype.getContext = () => null;
  const refusal = await start(spikegrad).then(String, String);
  return { numbers, refusal };
}
