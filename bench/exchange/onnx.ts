// ONNX: the same numbers in ONNX Runtime, native and web, at its levels of optimisation, or the refusal by name.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web';
import { noGrad, SpikegradError, tensor } from '../../src';
import { permuteArray } from '../../src/interop/layout';
import { describeOnnx, toOnnx } from '../../src/interop/onnx';
import { run } from './environment';
import { ONNX_CASES, prepared } from './onnx-cases';

export const LEVELS = ['disabled', 'basic', 'extended', 'all'] as const;
type Level = (typeof LEVELS)[number];
/** The largest difference of a number at each level, or what was said instead. */
type Differences = Readonly<Record<Level, number | string>>;

/** A row of the table. */
export interface OnnxRow {
  readonly kind: string;
  readonly name: string;
  readonly refused?: string;
  readonly opset?: number;
  readonly operators?: number;
  /** The largest number that is compared, and how many are not 0. */
  readonly largest?: number;
  readonly alive?: number;
  readonly native?: Differences;
  readonly web?: Differences;
}

interface Numbers {
  readonly data: Float32Array | Float64Array;
  readonly shape: readonly number[];
}

/** Axes of an image, the last three, from [H,W,C] to [C,H,W]. */
function channelsFirst({ data, shape }: Numbers, image: boolean): Numbers {
  const rank = shape.length;
  if (!image) return { data, shape };
  const leading = Array.from({ length: rank - 3 }, (_, axis) => axis);
  return permuteArray({ data, shape }, [...leading, rank - 1, rank - 3, rank - 2]);
}

async function onTheWeb(model: Uint8Array, x: Numbers, wanted: Numbers): Promise<Differences> {
  const found: Partial<Record<Level, number | string>> = {};
  for (const level of LEVELS) {
    try {
      const session = await ort.InferenceSession.create(model, { graphOptimizationLevel: level });
      const { output } = await session.run({
        input: new ort.Tensor('float32', Float32Array.from(x.data), [...x.shape]),
      });
      await session.release();
      const data = output!.data as Float32Array;
      found[level] =
        String(output!.dims) === String(wanted.shape)
          ? data.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted.data[i]!)), 0)
          : `shape [${output!.dims}]`;
    } catch (error) {
      found[level] = String(error).slice(0, 200);
    }
  }
  return found as Differences;
}

export async function onnxTable(python: string, folder: string) {
  mkdirSync(folder, { recursive: true });
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  const rows: OnnxRow[] = [];
  const cases = [];
  for (const [i, one] of ONNX_CASES.entries()) {
    const { kind, name, timesteps, input, shape } = one;
    const { network, ...x } = prepared(one);
    let model: Uint8Array;
    try {
      model = await toOnnx(network, { inputShape: shape, timesteps, input });
    } catch (error) {
      if (!(error instanceof SpikegradError)) throw error;
      rows.push({ kind, name, refused: error.problem });
      continue;
    }
    const y = noGrad(() => network.call(tensor(x.data, x.shape)));
    const given = channelsFirst(x, shape.length === 3);
    const wanted = channelsFirst({ data: y.dataSync(), shape: y.shape }, y.shape.length >= 4);
    const { opset, operators } = describeOnnx(model);
    const count = operators.reduce((sum, operator) => sum + operator.count, 0);
    const file = `${i}.onnx`;
    writeFileSync(join(folder, file), model);
    const listed = ({ data, shape }: Numbers) => ({ data: Array.from(data), shape });
    cases.push({ name: `${kind} ${name}`, file, input: listed(given), output: listed(wanted) });
    rows.push({
      kind,
      name,
      opset,
      operators: count,
      largest: Array.from(wanted.data).reduce((most, value) => Math.max(most, Math.abs(value)), 0),
      alive: Array.from(wanted.data).filter((value) => value !== 0).length,
      web: await onTheWeb(model, given, wanted),
    });
    if (rows.at(-1)!.alive === 0) throw new Error(`${kind} ${name} gives zeros alone, which proves nothing`);
  }
  writeFileSync(join(folder, 'cases.json'), JSON.stringify(cases));
  run(python, 'native.py', folder);
  const native = JSON.parse(readFileSync(join(folder, 'native.json'), 'utf8')) as {
    version: string;
    cases: Record<string, Differences>;
  };
  const { version: web } = JSON.parse(
    readFileSync(new URL('../../node_modules/onnxruntime-web/package.json', import.meta.url), 'utf8'),
  ) as { version: string };
  return {
    versions: { onnxruntime: native.version, 'onnxruntime-web': web },
    rows: rows.map((row) => ({ ...row, native: native.cases[`${row.kind} ${row.name}`] })),
  };
}
