// The zoo: neurons as equations, each in a file of a few lines, and the list of all by the names that `train --neuron`
// takes. docs/neurons.md is written from it.

import { adex } from './adex';
import { alif } from './alif';
import { alphaNeuron } from './alpha';
import { clif } from './clif';
import { eif } from './eif';
import type { ZooNeuron } from './entry';
import { fireFirst } from './fire-first';
import { glif } from './glif';
import { inflor } from './inflor';
import { ifNeuron } from './integrate-and-fire';
import { izhikevich, izhikevichHalves } from './izhikevich';
import { klif } from './klif';
import { cubaLi, li } from './li';
import { lifDelayed, lifDelayedHard, lifDetached, lifNeuron, lifNoReset, lifSoft } from './lif';
import { lifMpr } from './mpr';
import { plif } from './plif';
import { qif } from './qif';
import { lifRefractory } from './refractory';
import { resonateAndFire } from './resonate-and-fire';
import { cubaLif, synaptic } from './synaptic';
import { ternary } from './ternary';

export type { ZooConstant, ZooLaw, ZooNeuron, ZooSettings } from './entry';
export {
  adex,
  alif,
  alphaNeuron,
  clif,
  cubaLi,
  cubaLif,
  eif,
  fireFirst,
  glif,
  ifNeuron,
  inflor,
  izhikevich,
  izhikevichHalves,
  klif,
  li,
  lifDelayed,
  lifDelayedHard,
  lifDetached,
  lifMpr,
  lifNeuron,
  lifNoReset,
  lifRefractory,
  lifSoft,
  plif,
  qif,
  resonateAndFire,
  synaptic,
  ternary,
};

/** Every neuron of the library by its name: `new Spiking(zoo.adex())`, `zoo.adex.equations`, `zoo.adex.source`. */
export const zoo = {
  if: ifNeuron,
  lif: lifNeuron,
  'lif-soft': lifSoft,
  'lif-no-reset': lifNoReset,
  'lif-delayed': lifDelayed,
  'lif-delayed-hard': lifDelayedHard,
  'lif-detached': lifDetached,
  'lif-mpr': lifMpr,
  inflor,
  'lif-refractory': lifRefractory,
  plif,
  klif,
  glif,
  clif,
  alif,
  synaptic,
  'cuba-lif': cubaLif,
  alpha: alphaNeuron,
  qif,
  eif,
  adex,
  izhikevich,
  'izhikevich-halves': izhikevichHalves,
  'resonate-and-fire': resonateAndFire,
  'fire-first': fireFirst,
  ternary,
  li,
  'cuba-li': cubaLi,
} as const satisfies Readonly<Record<string, ZooNeuron>>;
