import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { duplicateKey } from '../../src/interop/safetensors/json-keys';

describe('duplicateKey', () => {
  test('finds nothing in any text that JSON.stringify wrote', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 1, '\t'), (text, indent) => {
        expect(duplicateKey(JSON.stringify(JSON.parse(text), null, indent))).toBeUndefined();
      }),
    );
  });

  test('finds a key that was written a second time, wherever it stands and whatever it is', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }),
        fc.nat(),
        fc.jsonValue(),
        (object, pick, value) => {
          const keys = Object.keys(object);
          const key = keys[pick % keys.length]!;
          const again = `${JSON.stringify(object).slice(0, -1)} , ${JSON.stringify(key)} : ${JSON.stringify(value)}}`;
          expect(duplicateKey(again)).toBe(key);
          expect(duplicateKey(`[[{"outer":${again}}]]`)).toBe(key);
        },
      ),
    );
  });

  test('two spellings of one key are one key', () => {
    expect(duplicateKey(String.raw`{"a":1,"\u0061":2}`)).toBe('a');
  });

  test('the same key in two objects, or as a value, is no duplicate', () => {
    expect(duplicateKey('{"a":{"a":"a"},"b":["a","a",{"a":1}]}')).toBeUndefined();
    expect(duplicateKey(String.raw`{"a\"":"{\"a\":1}","a":"}"}`)).toBeUndefined();
  });
});
