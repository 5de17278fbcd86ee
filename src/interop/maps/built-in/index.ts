// The library's own maps, each a JSON file here. Names were read in the libraries' documentation and in the authors'
// public repositories; a map of your own may extend any of them.

import type { NameMap } from '../map';
import guoResnet20 from './guo-resnet20.json';
import guoResnet20Tdbn from './guo-resnet20-tdbn.json';
import resnet20 from './resnet20.json';
import sinabsMnist from './sinabs-mnist.json';
import sinabsMnistSpiking from './sinabs-mnist-spiking.json';
import sinabsResnet20 from './sinabs-resnet20.json';
import snntorchCnn from './snntorch-cnn.json';
import snntorchFc from './snntorch-fc.json';
import snntorchResnet20 from './snntorch-resnet20.json';
import spikingjellyCsnn from './spikingjelly-csnn.json';
import spikingjellyCsnnAverage from './spikingjelly-csnn-average.json';
import spikingjellyResnet20 from './spikingjelly-resnet20.json';

/** As JSON's types are too wide for the compiler, each is checked when it is used. */
const maps: Readonly<Record<string, unknown>> = {
  'guo-resnet20': guoResnet20,
  'guo-resnet20-tdbn': guoResnet20Tdbn,
  resnet20,
  'sinabs-mnist': sinabsMnist,
  'sinabs-mnist-spiking': sinabsMnistSpiking,
  'sinabs-resnet20': sinabsResnet20,
  'snntorch-cnn': snntorchCnn,
  'snntorch-fc': snntorchFc,
  'snntorch-resnet20': snntorchResnet20,
  'spikingjelly-csnn': spikingjellyCsnn,
  'spikingjelly-csnn-average': spikingjellyCsnnAverage,
  'spikingjelly-resnet20': spikingjellyResnet20,
};

export const BUILT_IN = maps as Readonly<Record<string, NameMap>>;
