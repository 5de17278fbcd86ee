// Makes the Python environment of the tests that hold our files to nir, safetensors and onnx themselves
// (test/interop/python): the pinned packages of test/python/requirements.txt under .cache/python, once for each state of that
// file. Where it cannot be made those tests are skipped, which .ci/run counts as failed.
// Run: node .ci/python.mjs
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const requirements = 'test/python/requirements.txt';
const folder = '.cache/python';
const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex');
const made = `${folder}/made-of`;
if (!existsSync(made) || readFileSync(made, 'utf8') !== hash) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync('.cache', { recursive: true });
  const shown = { stdio: ['ignore', 'inherit', 'inherit'] };
  const words = ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '--only-binary', ':all:'];
  try {
    execFileSync('python3', ['-m', 'venv', folder], shown);
    execFileSync(`${folder}/bin/python`, [...words, '--no-deps', '-r', requirements], shown);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    console.error(`no ${folder}: ${error.message}`);
    process.exit(1);
  }
  writeFileSync(made, hash);
}
const packages = 'nir, numpy, onnx, safetensors';
const told = `import platform, ${packages}; print('python', platform.python_version(), *(f'{m.__name__} {m.__version__}' for m in (${packages})))`;
execFileSync(`${folder}/bin/python`, ['-c', told], { stdio: 'inherit' });
