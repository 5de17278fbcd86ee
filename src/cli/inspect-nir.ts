// `spikegrad inspect --nir`: a NIR graph, node by node.

import { describeNir, nirStep, nirWarnings } from '../interop/nir';
import { readNirFile } from './nir-file';
import { textTable, thousands } from './table';

/** @param given seconds of a time step, where the user says so */
export async function inspectNir(file: string, json: boolean, given?: number): Promise<void> {
  const graph = await readNirFile(file);
  const dt = nirStep(graph, given);
  const nodes = describeNir(graph, { dt });
  const warnings = nirWarnings(graph, { dt });
  const metadata = Object.fromEntries(
    [...graph.metadata].map(([key, value]) => [
      key,
      typeof value === 'string' ? value : value.data.length === 1 ? value.data[0] : Array.from(value.data),
    ]),
  );
  if (json) {
    process.stdout.write(`${JSON.stringify({ version: graph.version, metadata, dt, nodes, warnings })}\n`);
    return;
  }
  const rows = nodes.map(({ name, type, from, attributes }) => [
    name,
    type,
    from.join(', '),
    attributes.join('; '),
  ]);
  process.stdout.write(
    `NIR ${graph.version ?? 'of an unknown version'}, ${nodes.length} nodes, ${graph.edges.length} edges\n`,
  );
  for (const [key, value] of Object.entries(metadata)) process.stdout.write(`${key}: ${value}\n`);
  process.stdout.write(`\n${textTable(['node', 'type', 'takes', 'holds'], rows)}\n\n`);
  const numbers = nodes.reduce((sum, node) => sum + node.numbers, 0);
  const neurons = nodes.flatMap(({ name, step }) => (step === undefined ? [] : [[name, step]]));
  if (neurons.length > 0) {
    const whose =
      given !== undefined
        ? 'as given'
        : graph.metadata.has('dt')
          ? "the file's"
          : 'the default, the file names none';
    process.stdout.write(
      `A step of dt = ${dt} s (${whose}); an input of 1 at every step:\n\n${textTable(['node', 'its membrane'], neurons)}\n\n`,
    );
  }
  for (const warning of warnings) process.stdout.write(`warning: ${warning}\n\n`);
  process.stdout.write(
    `${thousands(numbers)} numbers, those of neurons counted for each neuron; shapes are channels first\n`,
  );
}
