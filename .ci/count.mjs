// Prints `N passed, N failed` from vitest's JSON report and fails when anything failed, was skipped, or never ran.
import { readFileSync } from 'node:fs';

const [path, status] = process.argv.slice(2);
let report;
try {
  report = JSON.parse(readFileSync(path, 'utf8'));
} catch {
  console.log('no test report: the checks before the tests failed');
  console.log('0 passed, 1 failed');
  process.exit(1);
}
const tests = report.testResults.flatMap((file) =>
  file.assertionResults.map((test) => ({ ...test, file: file.name })),
);
const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
for (const test of skipped)
  console.log(`skipped, which counts as failed here: ${test.file}: ${test.fullName}`);
const broken = report.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.length === 0,
).length;
const failed = report.numFailedTests + skipped.length + broken;
const bad = failed > 0 || status !== '0' || report.numPassedTests === 0;
console.log(`${report.numPassedTests} passed, ${bad && failed === 0 ? 1 : failed} failed`);
process.exit(bad ? 1 : 0);
