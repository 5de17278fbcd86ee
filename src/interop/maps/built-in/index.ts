// The library's own maps, each a JSON file here. Names were read in the libraries' documentation and in the authors' public
// repositories; a map of your own may extend any of them.

import type { NameMap } from '../map';
import sinabsMnist from './sinabs-mnist.json';

export const BUILT_IN: Readonly<Record<string, NameMap>> = {
  'sinabs-mnist': sinabsMnist as unknown as NameMap,
};
