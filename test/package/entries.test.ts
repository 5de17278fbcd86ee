import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const run = (kind: 'module' | 'commonjs', code: string) =>
  execFileSync(process.execPath, [`--input-type=${kind}`, '-e', code], {
    encoding: 'utf8',
    cwd: resolve('.'),
  });

describe('the built package', () => {
  const body = `await init({ precision: 'f64' });
    const x = tensor([0.2, 0.9], [2, 1], { requiresGrad: true });
    sum(lif(x, { rectifier: mpr({ k: 3 }) })).backward();
    console.log(JSON.stringify(Array.from(x.grad.dataSync())));`;

  test('works the same from ESM and from CommonJS', () => {
    const esm = run('module', `import { init, tensor, lif, mpr, sum } from 'spikegrad'; ${body}`);
    const cjs = run(
      'commonjs',
      `const { init, tensor, lif, mpr, sum } = require('spikegrad'); (async () => { ${body} })();`,
    );
    expect(JSON.parse(esm)).toHaveLength(2);
    expect(cjs).toBe(esm);
  });

  test.each(['spikegrad/node', 'spikegrad/testing', 'spikegrad/nir', 'spikegrad/onnx'])(
    '%s loads from ESM and from CommonJS',
    (entry) => {
      const keys = `console.log(Object.keys(m).filter((key) => key !== 'default' && key !== '__esModule').sort().join())`;
      const esm = run('module', `import * as m from '${entry}'; ${keys}`);
      const cjs = run('commonjs', `const m = require('${entry}'); ${keys}`);
      expect(esm.trim()).not.toBe('');
      expect(cjs).toBe(esm);
    },
  );

  test('tensors of one entry are known to another', () => {
    const out = run(
      'module',
      `import { mul } from 'spikegrad'; import { gradCheck } from 'spikegrad/testing';
       gradCheck((x) => mul(x, x), [{ data: [1, 2], shape: [2] }]); console.log('ok')`,
    );
    expect(out.trim()).toBe('ok');
  });

  test('the browser entries reach no Node module', () => {
    const seen = new Set(['dist/index.js', 'dist/testing.js', 'dist/nir.js', 'dist/onnx.js']);
    for (const file of seen) {
      const text = readFileSync(resolve(file), 'utf8');
      expect(text, file).not.toMatch(/from ["'](node:|fs|path|tar)/);
      for (const [, chunk] of text.matchAll(/from ["']\.\/([^"']+)["']/g)) seen.add(`dist/${chunk}`);
    }
    expect(seen.size).toBeGreaterThan(2);
  });
});
