import { describe, expect, test } from 'vitest';
import {
  either,
  finite,
  flag,
  kind,
  listOf,
  nearest,
  type OptionsOf,
  oneOf,
  option,
  optional,
  optionTable,
  orNull,
  required,
  text,
  whole,
} from '../../src/options';

interface NeuronLike {
  tau?: number;
  vth?: number;
  reset?: 'hard' | 'soft';
  order?: readonly number[];
  note?: string | null;
}

const table = optionTable({
  tau: option(finite({ above: 0 }), 0.25),
  vth: option(finite(), 0.5),
  reset: option(oneOf(['hard', 'soft']), 'hard'),
  order: option(listOf(whole({ least: 0 })), () => [0, 1]),
  note: optional(orNull(text)),
} satisfies OptionsOf<NeuronLike>);

const read = (given?: unknown) => table.read('neuron', given);

describe('a table of options', () => {
  test('fills in defaults, made anew for each call', () => {
    expect(read()).toEqual({ tau: 0.25, vth: 0.5, reset: 'hard', order: [0, 1], note: undefined });
    expect(read().order).not.toBe(read().order);
    expect(read({ tau: undefined, vth: 1, note: null })).toMatchObject({ tau: 0.25, vth: 1, note: null });
  });

  test('reads again only what is not the same, value by value', () => {
    const own = optionTable({ tau: option(finite(), 0.25), vth: option(finite(), 0.5) });
    const again = (given?: object) => own.again('neuron', given);
    const options: { tau?: number; vth?: number; tua?: number } = { tau: 0.5 };
    const first = again(options);
    expect(first).toEqual({ tau: 0.5, vth: 0.5 });
    expect(again({ tau: 0.5 })).toBe(first);
    options.tau = 0.75;
    expect(again(options)).toEqual({ tau: 0.75, vth: 0.5 });
    expect(again()).toEqual({ tau: 0.25, vth: 0.5 });
    options.tua = 1;
    expect(() => again(options)).toThrow("neuron: has no option 'tua'");
    expect(() => again(new Map())).toThrow('options must be an object');
    expect(() => own.again('neuron', null as never)).toThrow('options must be an object');
  });

  test('refuses what it does not know, with the nearest name', () => {
    expect(() => read({ tua: 1 })).toThrow(
      "neuron: has no option 'tua'; did you mean tau? (it takes tau, vth, reset, order, note)",
    );
    expect(() => read({ VTH: 1 })).toThrow('did you mean vth?');
    expect(() => read({ wibbleflump: 1 })).toThrow(/^neuron: has no option 'wibbleflump' \(it takes/);
    expect(() => read({ wibbleflump: undefined })).toThrow("'wibbleflump'");
    expect(() => read(Object.create({ inherited: 1 }))).toThrow("'inherited'");
  });

  test("knows other frameworks' words, where their meaning exists", () => {
    expect(() => read({ beta: 0.9 })).toThrow("has no option 'beta'; it is called tau here");
    expect(() => read({ v_threshold: 1 })).toThrow('it is called vth here');
    expect(() =>
      optionTable({ backend: option(oneOf(['cpu', 'gpu']), 'cpu') }).read('f', { backend: 'cuda' }),
    ).toThrow("backend must be 'cpu' or 'gpu', got 'cuda'; it is called gpu here");
    expect(() => optionTable({ k: option(finite(), 3) }).read('mpr', { beta: 1 })).toThrow(
      /^mpr: has no option 'beta' \(it takes k\)$/,
    );
  });

  test('refuses values of the wrong kind', () => {
    expect(() => read({ tau: -1 })).toThrow('neuron: tau must be a number above 0, got -1');
    expect(() => read({ tau: Number.NaN })).toThrow('got NaN');
    expect(() => read({ tau: '0.25' })).toThrow("got '0.25'");
    expect(() => read({ tau: null })).toThrow('got null');
    expect(() => read({ vth: Number.POSITIVE_INFINITY })).toThrow(
      'vth must be a finite number, got Infinity',
    );
    expect(() => read({ reset: 'none' })).toThrow("reset must be 'hard' or 'soft', got 'none'");
    expect(() => read({ order: [0, 1.5] })).toThrow('order must be a list, each entry a whole number >= 0');
  });

  test('says how options are given to whoever gave a bare value', () => {
    expect(() => read(7)).toThrow('neuron: options must be an object such as { tau: 7 }, got 7');
    expect(() => read('soft')).toThrow("such as { reset: 'soft' }, got 'soft'");
    expect(() => read(null)).toThrow('got null');
    expect(() => read([0.5])).toThrow('got [0.5]');
  });

  test('demands what must be given', () => {
    const needy = optionTable({ batchSize: required(whole({ least: 1 })), shuffle: option(flag, false) });
    expect(() => needy.read('batches', {})).toThrow('batches: needs batchSize, a whole number >= 1');
    expect(needy.read('batches', { batchSize: 4 })).toEqual({ batchSize: 4, shuffle: false });
  });

  test('gives advice for mistakes that are often made', () => {
    const called = kind<number>(
      'a surrogate',
      () => false,
      (value) => (typeof value === 'function' ? `call it: ${value.name}()` : undefined),
    );
    const withAdvice = optionTable({ surrogate: optional(either(called, whole())) });
    expect(() => withAdvice.read('lif', { surrogate: function arctan() {} })).toThrow(
      'got a function arctan; call it: arctan()',
    );
  });
});

describe('nearest', () => {
  test('finds a name with a letter missing, too much, changed, or two swapped', () => {
    const names = ['window', 'detachReset', 'stride', 'padding'];
    expect(
      ['windo', 'windoww', 'wimdow', 'wnidow', 'detach_reset'].map((word) => nearest(word, names)),
    ).toEqual(['window', 'window', 'window', 'window', 'detachReset']);
  });

  test('offers nothing that is far away', () => {
    expect(nearest('groups', ['window', 'stride', 'padding'])).toBeUndefined();
    expect(nearest('k', ['tau', 'vth'])).toBeUndefined();
  });
});
