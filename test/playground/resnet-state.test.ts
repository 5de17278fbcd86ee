// What links to the ResNet room hold, and what of it a checkpoint brings back.

import { describe, expect, test } from 'vitest';
import { settingsOf, stateWith } from '../../examples/playground/src/rooms/resnet/settings';
import {
  backends,
  type ResNetState,
  ranges,
  resnetCodec,
  sources,
  variants,
} from '../../examples/playground/src/rooms/resnet/state';
import { checkRunSettings, shapes } from '../../src/index';
import { fc, test as property } from '../support/properties';
import { hostile, onGrid } from './arbitraries';

const keys = <K extends string>(names: Record<K, string>) => fc.constantFrom(...(Object.keys(names) as K[]));

const states: fc.Arbitrary<ResNetState> = fc.record({
  source: keys(sources),
  images: onGrid(ranges.images),
  variant: keys(variants),
  width: onGrid(ranges.width),
  T: onGrid(ranges.T),
  dynamics: fc.constantFrom('leak' as const, 'paper' as const),
  mpr: fc.boolean(),
  k: onGrid(ranges.k),
  batch: onGrid(ranges.batch),
  lr: onGrid(ranges.lr),
  epochs: onGrid(ranges.epochs),
  seed: onGrid(ranges.seed),
  backend: keys(backends),
  layer: onGrid(ranges.layer),
});
const images = shapes({ count: 1 });

describe('the state of the ResNet room', () => {
  property.prop([states])('comes back from an address as it was', (state) => {
    expect(resnetCodec.read(resnetCodec.write(state))).toEqual(state);
  });

  property.prop([fc.dictionary(fc.constantFrom(...Object.keys(resnetCodec.initial)), hostile)])(
    'makes settings that the library takes, whatever the address holds',
    (texts) => {
      const state = resnetCodec.read(new Map(Object.entries(texts)));
      expect(() => checkRunSettings(settingsOf(state, images), 'test')).not.toThrow();
    },
  );

  property.prop([states])('comes back from the settings of a checkpoint as it was', (state) => {
    const restored = stateWith(state, settingsOf(state, images), state.images);
    expect(restored).toEqual(state);
  });

  test('comes as near as sliders can to a checkpoint of the command line', () => {
    const settings = {
      ...settingsOf(resnetCodec.initial, images),
      width: 5,
      batch: 250,
      lr: 0.0123,
      mpr: 20,
    };
    expect(stateWith(resnetCodec.initial, settings, 3)).toMatchObject({
      images: 20,
      width: 6,
      batch: 128,
      lr: 0.01,
      k: 10,
    });
  });
});
