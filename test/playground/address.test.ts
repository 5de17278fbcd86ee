// What links hold: rooms' states as text, and where in the page they lead.

import { describe, expect, test } from 'vitest';
import { readQuery, writeQuery } from '../../examples/playground/src/frame/address';
import { number } from '../../examples/playground/src/frame/fields';
import { readRoute, writeRoute } from '../../examples/playground/src/frame/route';
import {
  changed,
  type Gain,
  gains,
  inputs,
  type NeuronState,
  neuronCodec,
  ranges,
} from '../../examples/playground/src/rooms/neuron/state';
import { fc, test as property } from '../support/properties';
import { hostile, onGrid, ownNeurons } from './arbitraries';

const places = { rooms: ['neuron', 'network'], equations: ['charge', 'fire'] };

const states: fc.Arbitrary<NeuronState> = fc
  .record({
    T: onGrid(ranges.T),
    step: onGrid(ranges.step),
    input: fc.constantFrom(...(Object.keys(inputs) as (keyof typeof inputs)[])),
    amplitude: onGrid(ranges.amplitude),
    period: onGrid(ranges.period),
    seed: onGrid(ranges.seed),
    drawn: fc.array(onGrid(ranges.drawn), { maxLength: 100 }),
    dynamics: fc.constantFrom('leak' as const, 'paper' as const),
    tau: onGrid(ranges.tau),
    vth: onGrid(ranges.vth),
    vReset: onGrid(ranges.vReset),
    reset: fc.constantFrom('hard' as const, 'soft' as const),
    mpr: fc.boolean(),
    k: onGrid(ranges.k),
    centred: fc.boolean(),
    window: onGrid(ranges.window),
    gain: fc.constantFrom(...(Object.keys(gains) as Gain[])),
    own: ownNeurons,
  })
  .map((state) => changed(state, {}));

describe('the state of the Neuron room in an address', () => {
  property.prop([states])('comes back from its query as it was', (state) => {
    const query = writeQuery(new Map([['neuron', neuronCodec.write(state)]]));
    expect(neuronCodec.read(readQuery(query, places.rooms).get('neuron')!)).toEqual(state);
  });

  property.prop([fc.dictionary(fc.constantFrom(...Object.keys(neuronCodec.initial)), hostile)])(
    'is a state that the room can show whatever the query holds',
    (texts) => {
      const state = neuronCodec.read(new Map(Object.entries(texts)));
      for (const [name, range] of Object.entries(ranges)) {
        const values = [state[name as keyof typeof ranges]].flat();
        for (const value of values) {
          expect(value).toBeGreaterThanOrEqual(range.min);
          expect(value).toBeLessThanOrEqual(range.max);
        }
      }
      expect(state.vReset).toBeLessThan(state.vth);
      expect(state.step).toBeLessThan(state.T);
      expect(neuronCodec.read(neuronCodec.write(state))).toEqual(state);
    },
  );

  test('is not in the address where nothing was changed', () => {
    expect(writeQuery(new Map([['neuron', neuronCodec.write(neuronCodec.initial)]]))).toBe('');
  });

  test('falls back field by field: one bad value spoils no other', () => {
    const state = neuronCodec.read(
      new Map([
        ['tau', 'much'],
        ['k', '5'],
        ['vth', '9'],
        ['unknown', '1'],
      ]),
    );
    expect(state).toEqual({ ...neuronCodec.initial, k: 5 });
  });
});

describe('the query', () => {
  test('keeps what belongs to a room that is not open, and drops what belongs to none', () => {
    const parts = readQuery('?neuron.tau=0.5&network.lr=0.1&other.x=1&nodot=2&network=3', places.rooms);
    expect(writeQuery(parts)).toBe('?neuron.tau=0.5&network.lr=0.1');
  });

  property.prop([fc.string()])('can be anything', (query) => {
    expect([...readQuery(query, places.rooms).keys()]).toEqual(places.rooms);
  });
});

describe('the hash', () => {
  test('names a room, a room with an equation, or an equation beside the room in view', () => {
    expect(readRoute('#network', places)).toEqual({ room: 'network' });
    expect(readRoute('#network/fire', places)).toEqual({ room: 'network', equation: 'fire' });
    expect(readRoute('#fire', places, 'network')).toEqual({ room: 'network', equation: 'fire' });
    expect(readRoute('#nowhere/else', places, 'network')).toEqual({ room: 'network' });
    expect(readRoute('', places)).toEqual({ room: 'neuron' });
  });

  property.prop([
    fc.constantFrom(...places.rooms),
    fc.option(fc.constantFrom(...places.equations), { nil: undefined }),
  ])('comes back as it was written', (room, equation) => {
    const route = equation === undefined ? { room } : { room, equation };
    expect(readRoute(writeRoute(route), places)).toEqual(route);
  });
});

test('a number field refuses what is no plain decimal and what lies outside', () => {
  const field = number(1, { min: 0, max: 2, step: 0.05 });
  expect(['1e0', ' 1', '+1', '0x1', '1.', '.5', '2.01', '-0.01', ''].map(field.read)).toEqual(
    Array(9).fill(undefined),
  );
  expect(field.read('1.25')).toBe(1.25);
  expect(field.read('1.26')).toBe(1.25);
});
