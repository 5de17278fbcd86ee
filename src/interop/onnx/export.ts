// A trained network as an ONNX model: what it is made for, and what is known of its images. How the network is
// written over its time steps stands in unroll.ts.

import { aShape, type Shape } from '../../backends/shape';
import { check } from '../../errors';
import { checkModule, type Module } from '../../nn/module';
import { flag, type OptionsOf, oneOf, option, optional, optionTable, whole } from '../../options';
import { exportable, isTimeless } from '../inference/exportable';
import { inferenceGraph } from '../inference/lowering';
import { ownInference } from '../inference/own';
import { metadataOf, modelMetadata } from '../metadata';
import { Unroller } from './unroll';

const WHERE = 'toOnnx';

/** What a model is made for; what is known of images and classes goes into its metadata. */
export interface ToOnnxOptions {
  /** One image [H,W,C], or one vector [N]. Default: that of the file that the network was loaded from. */
  inputShape?: Shape;
  /** T. Default: that of the network's `Direct`; others must say it. */
  timesteps?: number;
  /** What the model takes: `image`, shown at every time step, or `sequence`, one for each. Default `image`. */
  input?: 'image' | 'sequence';
  /**
   * Whether the model takes pixels from 0 to 1 and normalises them itself, by `mean` and `deviation`; else it takes
   * them normalised as in training. Default false.
   */
  raw?: boolean;
  /** The name of each class. Default: that of the file that the network was loaded from. */
  classes?: readonly string[];
  /** Mean of pixels from 0 to 1, one value a channel. Default: that of the file that the network was loaded from. */
  mean?: readonly number[];
  /** Their standard deviation, one value a channel. Default: that of the file that the network was loaded from. */
  deviation?: readonly number[];
}

const LOADED = 'that of the file that the network was loaded from';

export const toOnnxOptions = optionTable({
  inputShape: optional(aShape, LOADED),
  timesteps: optional(whole({ least: 1 }), "that of the network's `Direct`; others must say it"),
  input: option(oneOf(['image', 'sequence']), 'image'),
  raw: option(flag, false),
  classes: optional(modelMetadata.specs.classes.kind, LOADED),
  mean: optional(modelMetadata.specs.mean.kind, LOADED),
  deviation: optional(modelMetadata.specs.deviation.kind, LOADED),
} satisfies OptionsOf<ToOnnxOptions>);

/**
 * The bytes of an ONNX model (operators of version 17, numbers in f32). Of a compiled network weights are integers
 * behind DequantizeLinear, one scale an output: int8, or int16 where one has more bits (operators of version 21).
 *
 * Its input `input` is [N,C,H,W] (or [T,N,C,H,W], or without image axes), channels first and normalised as in
 * training, or with `raw` pixels from 0 to 1. Each run begins with V = 0, also of stateful neurons. Its output
 * `output` is what the network gives: [N,classes] behind a mean over time and of networks without time, else
 * [T,N,...].
 * @throws for layers that cannot be exported, without `timesteps` where the network does not know them, and with
 * `raw` without mean and deviation
 */
export async function toOnnx(network: Module, options: ToOnnxOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  checkModule(WHERE, network);
  const given = toOnnxOptions.read(WHERE, options);
  const loaded = metadataOf(network);
  const own = ownInference(network);
  const description = own === undefined ? exportable(WHERE, network) : undefined;
  // an image goes through such a network once
  const isOnce =
    given.timesteps === undefined &&
    given.input === 'image' &&
    description !== undefined &&
    isTimeless(description);
  const {
    inputShape = loaded.inputShape,
    classes = loaded.classes,
    mean = loaded.mean,
    deviation = loaded.deviation,
    timesteps = isOnce ? 1 : (description ?? own!).timesteps,
    input,
    raw,
  } = given;
  check(inputShape !== undefined, WHERE, `needs inputShape, ${aShape.wanted}: [H,W,C], or [N] for vectors`);
  check(
    timesteps !== undefined,
    WHERE,
    'needs timesteps, a whole number >= 1: this network does not say how many',
  );
  check(
    own === undefined || (own.timesteps === undefined) === (input === 'sequence'),
    WHERE,
    () =>
      `the network was compiled for ${input === 'image' ? "sequences: give input: 'sequence'" : "images: leave input: 'sequence' out"}`,
  );
  const graph = await inferenceGraph(
    WHERE,
    network,
    inputShape,
    input === 'sequence' ? timesteps : undefined,
  );
  const metadata = { classes, mean, deviation, inputShape };
  const shown = isOnce ? { ...graph, timeMean: true } : graph;
  return new Unroller(shown, timesteps, input, raw, metadata).model();
}
