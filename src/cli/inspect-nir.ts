// `spikegrad inspect --nir`: a NIR graph, node by node.

import { describeNir } from '../interop/nir';
import { readNirFile } from './nir-file';
import { textTable, thousands } from './table';
import { print } from './terminal';

export async function inspectNir(file: string, json: boolean): Promise<void> {
  const graph = await readNirFile(file);
  const nodes = describeNir(graph);
  const metadata = Object.fromEntries(
    [...graph.metadata].map(([key, value]) => [
      key,
      typeof value === 'string' ? value : value.data.length === 1 ? value.data[0] : Array.from(value.data),
    ]),
  );
  if (json) {
    process.stdout.write(`${JSON.stringify({ version: graph.version, metadata, nodes })}\n`);
    return;
  }
  const rows = nodes.map(({ name, type, from, attributes }) => [
    name,
    type,
    from.join(', '),
    attributes.join('; '),
  ]);
  print(
    `NIR ${graph.version ?? 'of an unknown version'}, ${nodes.length} nodes, ${graph.edges.length} edges`,
  );
  for (const [key, value] of Object.entries(metadata)) print(`${key}: ${value}`);
  print(`\n${textTable(['node', 'type', 'takes', 'holds'], rows)}\n`);
  const numbers = nodes.reduce((sum, node) => sum + node.numbers, 0);
  print(`${thousands(numbers)} numbers, those of neurons counted for each neuron; shapes are channels first`);
}
