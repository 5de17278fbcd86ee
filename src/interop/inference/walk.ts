// Walks a network and writes down what it computes at inference: the spiking ResNet20, or a Sequential of this library's
// layers. Layers that only matter in training (dropout) or before the first neuron (direct encoding) leave no step.

import type { Shape } from '../../backends/shape';
import { check, SpikegradError } from '../../errors';
import { AvgPool2d, Conv2d, Dropout, Flatten, GlobalAvgPool, Linear } from '../../nn/layers';
import type { Module } from '../../nn/module';
import { Sequential } from '../../nn/sequential';
import { Direct, TimeMean } from '../../snn/encoder';
import { Lif } from '../../snn/lif';
import { SpikingResNet20 } from '../../snn/resnet20';
import { TdBatchNorm } from '../../snn/tdbn';
import { type Flow, InferenceBuilder } from './builder';
import type { InferenceGraph } from './graph';

/**
 * What a network computes at inference.
 * @param where the function that messages name
 * @param inputShape one image [H,W,C], or one vector [N]
 * @throws when a layer is of a kind that exports do not know
 */
export async function inferenceGraph(
  where: string,
  network: Module,
  inputShape: Shape,
): Promise<InferenceGraph> {
  check(
    inputShape.length === 3 || inputShape.length === 1,
    where,
    () => `inputShape must be [H,W,C] or [N], got [${inputShape}]`,
  );
  const [height, width, channels] = inputShape;
  const builder = new InferenceBuilder(
    where,
    inputShape.length === 3 ? [channels!, height!, width!] : inputShape,
  );
  if (network instanceof SpikingResNet20) return walkResNet(builder, network);
  if (network instanceof Sequential) return walkSequential(builder, network.layers);
  throw new SpikegradError(
    where,
    `only resnet20 and sequential networks can be exported, got ${network.constructor.name}`,
  );
}

type ResNetBlock = SpikingResNet20['stages']['members'][number]['members'][number];

async function walkResNet(builder: InferenceBuilder, network: SpikingResNet20): Promise<InferenceGraph> {
  let x = builder.input;
  for (const [i, { conv, bn, lif }] of network.stem.members.entries()) {
    x = await builder.conv(`stem_${i}_conv`, x, conv, bn);
    x = builder.neuron(`stem_${i}_lif`, x, lif.options);
  }
  if (network.pool !== undefined) x = builder.pool('pool', x, network.pool);
  for (const [s, stage] of network.stages.members.entries()) {
    for (const [b, block] of stage.members.entries())
      x = await walkBlock(builder, `stages_${s}_${b}`, x, block);
  }
  x = builder.globalPool('head', x);
  return builder.finish(await builder.linear('fc', x, network.fc, undefined), true);
}

async function walkBlock(
  builder: InferenceBuilder,
  name: string,
  x: Flow,
  block: ResNetBlock,
): Promise<Flow> {
  let y = await builder.conv(`${name}_conv1`, x, block.conv1, block.bn1);
  y = builder.neuron(`${name}_lif1`, y, block.lif1.options);
  y = await builder.conv(`${name}_conv2`, y, block.conv2, block.bn2);
  let shortcut = x;
  if (block.shortcut !== undefined) {
    // a pool of one pixel changes nothing
    if (block.shortcut.pool.window > 1)
      shortcut = builder.pool(`${name}_shortcut_pool`, x, block.shortcut.pool);
    shortcut = await builder.conv(`${name}_shortcut_conv`, shortcut, block.shortcut.conv, block.shortcut.bn);
  }
  return builder.neuron(`${name}_lif2`, builder.sum(`${name}_sum`, y, shortcut), block.lif2.options);
}

async function walkSequential(builder: InferenceBuilder, layers: readonly Module[]): Promise<InferenceGraph> {
  let x = builder.input;
  let timeMean = false;
  for (const [i, layer] of layers.entries()) {
    const name = String(i);
    check(
      !timeMean,
      builder.where,
      () => `layer ${name} comes behind TimeMean, which only the last layer can be`,
    );
    const following = layers[i + 1];
    const norm = following instanceof TdBatchNorm ? following : undefined;
    if (layer instanceof Conv2d) x = await builder.conv(name, x, layer, norm);
    else if (layer instanceof Linear) x = await builder.linear(name, x, layer, norm);
    else if (layer instanceof TdBatchNorm) checkFolded(builder, name, layers[i - 1]);
    else if (layer instanceof Lif) x = builder.neuron(name, x, layer.options);
    else if (layer instanceof AvgPool2d) x = builder.pool(name, x, layer);
    else if (layer instanceof GlobalAvgPool) x = builder.globalPool(name, x);
    else if (layer instanceof Flatten) x = builder.flattenImage(name, x, layer.axes);
    else if (layer instanceof TimeMean) timeMean = true;
    else if (!(layer instanceof Dropout || layer instanceof Direct)) {
      throw new SpikegradError(
        builder.where,
        `layer ${name}: a ${layer.constructor.name} cannot be exported`,
      );
    }
  }
  return builder.finish(x, timeMean);
}

function checkFolded({ where }: InferenceBuilder, name: string, before: Module | undefined): void {
  check(
    before instanceof Conv2d || before instanceof Linear,
    where,
    () => `layer ${name}: a TdBatchNorm can only be exported right behind a Conv2d or a Linear`,
  );
}
