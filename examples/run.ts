// Runs the course, or the examples whose names begin with the given words, and holds what they print against their
// comments; ends with exit code 1 where one differs. Run: npm run examples, or: npm run examples -- 01 05

import { basename } from 'node:path';
import { checkExample, listExamples } from './checker/check';

const all = listExamples();
const words = process.argv.slice(2);
const named = (word: string) => all.filter((path) => basename(path).startsWith(word));
const stray = words.find((word) => named(word).length === 0);
if (stray !== undefined) {
  const names = all.map((path) => basename(path, '.ts')).join(', ');
  console.error(`examples: no example's name begins with "${stray}"; there are ${names}`);
  process.exit(1);
}

let wrong = 0;
for (const path of words.length === 0 ? all : words.flatMap(named)) {
  const { name, seconds, problems } = await checkExample(path);
  console.log(
    `${name.padEnd(18)} ${seconds.toFixed(1).padStart(5)} s  ${problems.length === 0 ? 'ok' : 'WRONG'}`,
  );
  for (const line of problems) console.log(`    ${line}`);
  if (problems.length > 0) wrong++;
}
process.exitCode = wrong > 0 ? 1 : 0;
