// Laws of one step of a foreign neuron, read from the membrane before and after its reset, and of the decay between
// spikes.

import fc from 'fast-check';
import type { TensorData } from '../../arbitraries';
import type { Unchecked } from '../hold';
import { type LaterLaw, laterLaw } from '../law';
import { placeOf, written } from '../neuron/numbers';
import { simplest } from '../simplest';
import type { ForeignDrive } from './drive';
import type { Foreign } from './subject';

/** What the neuron shows when it is run at all. */
export interface WhatShows {
  readonly states: readonly string[] | undefined;
  readonly charged: boolean;
  readonly membrane: boolean;
}

/** One step of silence tells. */
export async function shownBy(neuron: Foreign): Promise<WhatShows> {
  const { states, charged, membrane } = await neuron.run({ data: [0], shape: [1, 1, 1] });
  return {
    states: states && Object.keys(states),
    charged: charged !== undefined,
    membrane: membrane !== undefined,
  };
}

export function thresholdLaw(
  neuron: Foreign,
  { charged }: WhatShows,
  currents: fc.Arbitrary<TensorData>,
): LaterLaw | Unchecked {
  const { vth, strict, refractory } = neuron.parts;
  if (!charged || vth === undefined) return { law: 'threshold', reason: 'needs charged and vth' };
  const words = [
    strict
      ? `a neuron fires exactly where H > ${vth}, not at ${vth} itself`
      : `a neuron fires exactly where H >= ${vth}, at ${vth} itself too`,
    ...(refractory > 0 ? ['unless it is refractory'] : []),
  ].join(', ');
  return laterLaw('threshold', words, currents, async (x) => {
    const { spikes, charged: h } = await neuron.run(x);
    const limit = neuron.round(vth);
    const row = x.shape[1]! * x.shape[2]!;
    const isBlocked = (i: number): boolean =>
      Array.from({ length: refractory }, (_, before) => spikes[i - (before + 1) * row]).some((o) => o);
    const wrong = spikes.findIndex(
      (o, i) => (o !== 0) !== (strict ? h![i]! > limit : h![i]! >= limit) && (o !== 0 || !isBlocked(i)),
    );
    if (wrong < 0) return undefined;
    return [written(x), `at ${placeOf(wrong, x.shape)} H = ${h![wrong]}, and O = ${spikes[wrong]}`];
  });
}

export function resetLaw(
  neuron: Foreign,
  { charged, membrane }: WhatShows,
  currents: fc.Arbitrary<TensorData>,
): LaterLaw | Unchecked {
  const { vth, reset, vReset, refractory } = neuron.parts;
  const soft = reset === 'soft';
  if (reset === undefined || !membrane || (soft && (vth === undefined || !charged)))
    return {
      law: 'reset',
      reason: "needs membrane and reset: 'hard' with vReset, or 'soft' with charged and vth",
    };
  // while it is refractory a membrane may be held where it is
  const all = charged && refractory === 0;
  const else_ = all ? ', else H[t]' : '';
  const words = `V[t] is ${soft ? `H[t] - ${vth}` : vReset} after a spike${else_}, in the same step`;
  return laterLaw('reset', words, currents, async (x) => {
    const { spikes, charged: h, membrane: v } = await neuron.run(x);
    for (const [i, o] of spikes.entries()) {
      if (o === 0 && !all) continue;
      const wanted = o === 0 ? h![i]! : soft ? h![i]! - o * vth! : vReset;
      const size = Math.max(Math.abs(wanted), Math.abs(h?.[i] ?? 0), Math.abs(vth ?? 0));
      if (Math.abs(v![i]! - wanted) <= neuron.allowed(size)) continue;
      const charge = h === undefined ? '' : `H = ${h[i]}, `;
      return [written(x), `at ${placeOf(i, x.shape)} ${charge}O = ${o}, V = ${v![i]}, not ${wanted}`];
    }
    return undefined;
  });
}

/** Where a membrane is when the decay begins, in parts of what makes it fire. */
const start = simplest(
  fc.integer({ min: -(2 ** 20), max: 2 ** 19 }).map((i) => i / 2 ** 20),
  -1,
  0.5,
);

export function decayLaw(
  neuron: Foreign,
  { states, membrane }: WhatShows,
  drive: ForeignDrive,
): LaterLaw | Unchecked {
  const { decay, vRest, vth } = neuron.parts;
  const kept = Object.entries(typeof decay === 'number' ? { v: decay } : (decay ?? {}));
  const given = kept.every(([name]) => states?.includes(name));
  if (kept.length === 0 || !(given || (membrane && kept.length === 1 && kept[0]![0] === 'v')))
    return { law: 'decay', reason: 'needs decay, and states or membrane' };
  const restOf = (name: string) => (name === 'v' ? vRest : 0);
  const said = kept.map(([name, factor]) => {
    const rest = restOf(name);
    return `${name}${rest === 0 ? '' : ` - ${rest}`} is ${factor} of what it was in the step before`;
  });
  const scale = vth === undefined ? (drive.amount ?? 1) : Math.abs(vth - vRest) || 1;
  const draws = fc.tuple(fc.constantFrom(...kept), start, fc.integer({ min: 1, max: 6 }));
  return laterLaw(
    'decay',
    `without input and spikes ${said.join('; ')}`,
    draws,
    async ([[name, factor], part, steps]) => {
      const silence = new Array<number>(steps).fill(0);
      const rest = restOf(name);
      const from = neuron.round(rest + part * scale);
      // where no state can be given, what the first step makes of a current is what decays
      const data = given ? silence : [part * scale, ...silence];
      const ran = await neuron.run(
        { data, shape: [data.length, 1, 1] },
        given ? { [name]: [from] } : undefined,
      );
      if (ran.spikes.some((o) => o !== 0)) return undefined;
      const first = given ? from : ran.membrane![0]!;
      const last = given ? ran.states![name]![0]! : ran.membrane!.at(-1)!;
      const wanted = rest + (first - rest) * factor ** steps;
      const size = Math.max(Math.abs(first), Math.abs(rest));
      if (Math.abs(last - wanted) <= steps * neuron.allowed(size)) return undefined;
      return [
        `${name} = ${first}, then no current for ${steps} step${steps === 1 ? '' : 's'}`,
        `${name} is ${last}, not ${wanted}`,
      ];
    },
  );
}
