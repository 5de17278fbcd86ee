// `spikegrad inspect` of a NIR graph, node by node: what each holds, takes and gives, and what is wrong with it.

import { SpikegradError } from '../../../errors';
import { init } from '../../../init';
import { type NirGraph, type NirRow, nirStep, nirWarnings } from '../../../interop/nir';
import { describeGraph } from '../../../interop/nir/describe';
import type { Faults } from '../../../interop/nir/faults';
import { DEFAULT_DT } from '../../../interop/nir/network';
import { tryNir } from '../../../interop/nir/trial';
import { readNirFile } from '../../model/nir/file';
import type { NirWords } from '../../model/nir/words';
import { print, printJson } from '../../terminal';
import { counted, textTable, thousands } from '../../terminal/table';

/** A node, and the shape that it gives where the graph runs. */
type Node = NirRow & { readonly gives?: readonly number[] };

export async function inspectNir(file: string, json: boolean, words: NirWords): Promise<void> {
  const { dt: given, convention = 'nir' } = words;
  const { graph, faults } = await readNirFile(file);
  const dt = stepOf(graph, words, faults);
  const rows = describeGraph(graph, dt, faults, convention);
  await init();
  const shapes = tryNir(graph, dt, faults, convention);
  const warnings = warningsOf(graph, { dt, convention }, rows);
  const nodes = rows.map(
    (row): Node => ({ ...row, gives: shapes.get(row.name), faults: faults.of(row.name) }),
  );
  const wrong = faults.besides(rows.map(({ name }) => name));
  const metadata = Object.fromEntries(
    [...graph.metadata].map(([key, value]) => [
      key,
      typeof value === 'string' ? value : value.data.length === 1 ? value.data[0] : Array.from(value.data),
    ]),
  );
  if (json) {
    const { version } = graph;
    printJson({ version, metadata, dt, convention, nodes, warnings, faults: wrong });
    return;
  }
  print(
    `NIR ${graph.version ?? 'of an unknown version'}, ${counted(nodes.length, 'node')}, ${counted(graph.edges.length, 'edge')}`,
  );
  for (const [key, value] of Object.entries(metadata)) print(`${key}: ${value}`);
  print(`\n${tableOf(nodes)}\n`);
  const neurons = nodes.flatMap(({ name, step }) => (step === undefined ? [] : [[name, step]]));
  if (neurons.length > 0) {
    const whose =
      given !== undefined
        ? 'as given'
        : graph.metadata.has('dt')
          ? "the file's"
          : convention === 'nir'
            ? 'the default, the file names none'
            : `that of ${convention}, the file names none`;
    print(
      `A step of dt = ${dt} s (${whose})${convention === 'nir' ? '' : `, as ${convention} makes it`}; an input of 1 at every step:\n\n${textTable(['node', 'its membrane'], neurons)}\n`,
    );
  }
  const batched = nodes.filter(({ countsBatch }) => countsBatch).map(({ name }) => name);
  if (batched.length > 0)
    print(`These nodes count the batch, and are run without that axis: ${batched.join(', ')}\n`);
  for (const warning of warnings) print(`warning: ${warning}\n`);
  for (const { name, faults: problems } of nodes) if (problems.length > 0) print(faultOf(name, problems));
  for (const problem of wrong) print(`wrong: ${problem}\n`);
  const numbers = nodes.reduce((sum, node) => sum + node.numbers, 0);
  print(
    `${thousands(numbers)} numbers, those of neurons counted for each neuron; shapes are channels first${
      faults.any ? '; the graph does not run here as it is' : ''
    }`,
  );
}

/** Neurons that can hardly fire, where the graph is whole enough to tell; those that diverge are faults already. */
function warningsOf(graph: NirGraph, step: NirWords, rows: readonly NirRow[]): string[] {
  const known = rows.flatMap(({ faults }) => faults);
  try {
    return nirWarnings(graph, step).filter((warning) => !known.some((fault) => warning.endsWith(fault)));
  } catch (error) {
    if (error instanceof SpikegradError) return [];
    throw error;
  }
}

/** The first of a node's faults, and how many more there are. */
function faultOf(name: string, problems: readonly string[]): string {
  const [problem] = problems as [string];
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more of this node)` : '';
  return `wrong: ${problem.includes(`"${name}"`) ? '' : `node "${name}": `}${problem}${more}\n`;
}

function stepOf(graph: NirGraph, { dt, convention }: NirWords, faults: Faults): number {
  try {
    return nirStep(graph, dt, convention);
  } catch (error) {
    if (!(error instanceof SpikegradError)) throw error;
    faults.add('', error.problem);
    return DEFAULT_DT;
  }
}

/** One row a node; `!` marks one with a fault. */
function tableOf(nodes: readonly Node[]): string {
  const isRun = nodes.some(({ gives }) => gives !== undefined);
  return textTable(
    ['node', 'type', 'takes', ...(isRun ? ['gives'] : []), 'holds'],
    nodes.map(({ name, type, from, gives, attributes, faults }) => [
      faults.length > 0 ? `! ${name}` : name,
      type,
      from.join(', '),
      ...(isRun ? [gives === undefined ? '' : gives.join(',')] : []),
      attributes.join('; '),
    ]),
  );
}
