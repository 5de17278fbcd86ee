// --map: the network that weights of another tool are of, by the name of one of the library's maps or as a JSON file.

import { existsSync, readFileSync } from 'node:fs';
import { Option } from 'commander';
import { SpikegradError } from '../../errors';
import { mapNames, type NameMap } from '../../interop/maps';

export function mapOption(): Option {
  return new Option(
    '--map <file>',
    'the network that weights of another tool are of: a map, JSON (docs/weights.md), or the name of one that is known',
  );
}

/** What fromMap takes for it. @throws where there is no such map and no such file */
export async function mapOf(word: string): Promise<string | NameMap> {
  if (existsSync(word)) return parsed(word);
  const names = await mapNames();
  if (names.includes(word) || !/[./\\]/.test(word)) return word; // which fromMap compares with those it knows
  throw new SpikegradError('map', `no file ${word}; maps that are known by name are ${names.join(', ')}`);
}

function parsed(path: string): NameMap {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as NameMap;
  } catch (cause) {
    throw new SpikegradError('map', `${path} is not JSON: ${String(cause)}`, { cause });
  }
}
