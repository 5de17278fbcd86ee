// Prints `N passed, N failed` from vitest's JSON report and fails when anything failed, never ran, or was skipped: all suites
// must run but those of may-skip.json, where this machine lacks what they need.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [path, status] = process.argv.slice(2);
const { needs, suites } = JSON.parse(readFileSync(new URL('may-skip.json', import.meta.url), 'utf8'));
let report;
try {
  report = JSON.parse(readFileSync(path, 'utf8'));
} catch {
  console.log('no test report: the checks before the tests failed');
  console.log('0 passed, 1 failed');
  process.exit(1);
}

/** What a suite needs and this machine lacks. */
function lackingFor(file) {
  return (suites[file] ?? []).filter((need) => spawnSync('sh', ['-c', needs[need].probe]).status !== 0);
}

const tests = report.testResults.flatMap((file) =>
  file.assertionResults.map((test) => ({ ...test, file: relative(process.cwd(), file.name) })),
);
let wrong = 0;
for (const test of tests) {
  if (test.status === 'passed' || test.status === 'failed') continue;
  const lacking = lackingFor(test.file);
  const told =
    lacking.length > 0 ? `skipped without ${lacking.join(', ')}` : 'skipped, which counts as failed here';
  console.log(`${told}: ${test.file}: ${test.fullName}`);
  if (lacking.length === 0) wrong++;
}
for (const suite of Object.keys(suites)) {
  if (tests.some(({ file }) => file === suite)) continue;
  console.log(`${suite} is in may-skip.json and has not been met`);
  wrong++;
}
const broken = report.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.length === 0,
).length;
const failed = report.numFailedTests + wrong + broken;
const bad = failed > 0 || status !== '0' || report.numPassedTests === 0;
console.log(`${report.numPassedTests} passed, ${bad && failed === 0 ? 1 : failed} failed`);
process.exit(bad ? 1 : 0);
