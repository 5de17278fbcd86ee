// What became of differential equations, in sentences: how they are stepped, in which order a step goes, how much of
// each state is left after one, how long a neuron is refractory and what happens to input then, how wide the surrogate
// is.

import type { IntegrationMethod } from './methods';
import type { DifferentialSource } from './source';

const methods: Readonly<Record<IntegrationMethod, string>> = {
  exact: 'exact: the matrix exponential of the linear equations, with x held over the step',
  exponentialEuler:
    'exponential Euler: each state by its own derivative, v + dt*exprel(dt*df/dv)*f, the others held over the step',
  euler: 'Euler: v + dt*f',
  rk4: 'the classical Runge-Kutta method of fourth order, with x held over the step',
};

/** @param hasNamed whether entries of the matrix exponential stand in the equations by their names */
export function differentialInWords(source: DifferentialSource, hasNamed: boolean): string[] {
  const { method, dt, threshold, reset, membrane, width, distance, decays, detachReset } = source;
  const order = [
    `integrate by dt = ${dt}`,
    ...(membrane === undefined ? [] : [`${membrane.charged} = ${membrane.name} as it is then`]),
    ...(threshold === undefined ? [] : [`spikes where ${threshold}`]),
    ...(reset === undefined ? [] : [`where it spikes ${reset.trim().replaceAll(/\s*[\n;]\s*/g, '; ')}`]),
  ];
  return [
    `method ${methods[method]}`,
    `a step: ${order.join(', then ')}`,
    ...(hasNamed
      ? ['decay_… and gain_… below are entries of it, made of the learnable constants once a call']
      : []),
    ...decays.map(({ state, exact, euler }) => decayInWords(state, exact, euler, method)),
    ...(threshold === undefined ? [] : [refractoryInWords(source)]),
    ...(threshold === undefined
      ? []
      : [
          `the surrogate sees u/${short(width)}: its width is ${widthInWords(width, distance)}`,
          `the gradient goes ${detachReset ? 'past' : 'through'} the reset`,
        ]),
  ];
}

const short = (value: number, digits = 4): string => `${Number(value.toPrecision(digits))}`;

/** Both decays, with as many digits as tell them apart. */
function decayInWords(state: string, exact: number, euler: number, method: IntegrationMethod): string {
  let digits = 4;
  while (digits < 16 && short(exact, digits) === short(euler, digits)) digits++;
  const [ours, theirs] = [short(exact, digits), short(euler, digits)];
  return method === 'euler'
    ? `of ${state} a step leaves ${theirs} (1 - dt/tau); its exponential would be ${ours}`
    : `of ${state} a step leaves ${ours} (e^(-dt/tau)); 1 - dt/tau would be ${theirs}`;
}

const widthInWords = (width: number, distance: number | undefined): string =>
  distance === undefined
    ? `${short(width)}, and how far the threshold is from rest is not known`
    : width === distance
      ? 'the distance from rest to threshold'
      : `${short(width)}, where the threshold is ${short(distance)} from rest`;

function refractoryInWords({ refractory, hold }: DifferentialSource): string {
  if (refractory === 0) return 'never refractory: it may spike at every step';
  const span =
    typeof refractory === 'string'
      ? `refractory after a spike as long as ${refractory}`
      : `refractory for ${refractory} ${refractory === 1 ? 'step' : 'steps'} after that of a spike`;
  const input =
    hold.length === 0
      ? 'input is kept: the states go on, only spikes are blocked'
      : `${hold.join(' and ')} ${hold.length === 1 ? 'stands' : 'stand'} still, and what comes in is lost to ${hold.length === 1 ? 'it' : 'them'}`;
  return `${span}; ${input}`;
}
