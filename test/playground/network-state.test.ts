// What links to the Network room hold, and which of its changes start the training anew.

import { describe, expect, test } from 'vitest';
import { equationNames } from '../../examples/playground/src/frame/equations';
import {
  changed,
  type NetworkState,
  networkCodec,
  networks,
  ranges,
  type ShapeName,
  shapes,
  speeds,
} from '../../examples/playground/src/rooms/network/state';
import { fc, test as property } from '../support/properties';
import { hostile, onGrid, ownNeurons } from './arbitraries';

const keys = <K extends string>(names: Record<K, string>) => fc.constantFrom(...(Object.keys(names) as K[]));

const states: fc.Arbitrary<NetworkState> = fc
  .record({
    shape: keys(shapes),
    noise: onGrid(ranges.noise),
    seed: onGrid(ranges.seed),
    layers: onGrid(ranges.layers),
    width: onGrid(ranges.width),
    T: onGrid(ranges.T),
    tau: onGrid(ranges.tau),
    k: onGrid(ranges.k),
    lr: onGrid(ranges.lr),
    networks: keys(networks),
    steps: onGrid(ranges.steps),
    speed: keys(speeds),
    x: onGrid(ranges.x),
    y: onGrid(ranges.y),
    neuron: onGrid(ranges.neuron),
    testPoints: fc.boolean(),
    own: ownNeurons,
  })
  .map((state) => changed(state, {}));

describe('the state of the Network room in an address', () => {
  property.prop([states])('comes back as it was', (state) => {
    expect(networkCodec.read(networkCodec.write(state))).toEqual(state);
  });

  property.prop([fc.dictionary(fc.constantFrom(...Object.keys(networkCodec.initial)), hostile)])(
    'is a state that the room can show whatever the query holds',
    (texts) => {
      const state = networkCodec.read(new Map(Object.entries(texts)));
      for (const [name, { min, max }] of Object.entries(ranges)) {
        const value = state[name as keyof typeof ranges];
        expect(value).toBeGreaterThanOrEqual(min);
        expect(value).toBeLessThanOrEqual(max);
      }
      expect(state.neuron).toBeLessThanOrEqual(state.layers * state.width);
    },
  );
});

describe('a change', () => {
  const trained: NetworkState = { ...networkCodec.initial, steps: 40 };

  test.each<Partial<NetworkState>>([
    { shape: 'xor' satisfies ShapeName },
    { noise: 0.2 },
    { seed: 2 },
    { layers: 3 },
    { T: 2 },
    { k: 5 },
    { networks: 'on' },
  ])('of what is trained, as %o, starts at step 0', (change) => {
    expect(changed(trained, change)).toEqual({ ...trained, ...change, steps: 0 });
  });

  test.each<Partial<NetworkState>>([{ x: 0.6 }, { neuron: 3 }, { testPoints: true }, { speed: 'fast' }])(
    'of what is looked at, as %o, keeps the steps',
    (change) => {
      expect(changed(trained, change)).toEqual({ ...trained, ...change });
    },
  );

  test('to fewer neurons lets go of one that is gone', () => {
    expect(changed({ ...trained, neuron: 16 }, { width: 4 }).neuron).toBe(0);
  });
});

test('no equation is named as a room, since both stand in the hash', () => {
  expect(equationNames).not.toContain('network');
  expect(new Set(equationNames).size).toBe(equationNames.length);
});
