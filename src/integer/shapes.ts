// What shape a step gives, from that of what it takes: for files, which may say anything.

import type { PlaneShape, PlanWindows } from '../backends/integer';
import { check } from '../errors';
import type { StepHeader } from './header';

/** How many windows there are along each axis; of a pool the last may stick out. */
function counts({ window, stride, padding, dilation }: PlanWindows, [, height, width]: PlaneShape): number[] {
  return ([0, 1] as const).map((axis) => {
    const reach = (window[axis] - 1) * dilation[axis] + 1;
    return Math.floor(([height, width][axis]! + 2 * padding[axis] - reach) / stride[axis]) + 1;
  });
}

/** [C,H,W] of what a step gives. */
export function outputShapeOf(step: StepHeader, from: PlaneShape): readonly number[] {
  switch (step.op) {
    case 'conv':
      return [step.shape[0], ...counts(step, from)];
    case 'count':
      return [from[0], ...counts(step, from)];
    case 'max': {
      // a window more may begin within the image and end behind it
      const [, height, width] = step.shape;
      const least = counts(step, from);
      const isNear = [height, width].every((length, i) => length === least[i] || length === least[i]! + 1);
      return isNear ? [from[0], height, width] : [from[0], ...least];
    }
    default:
      return from;
  }
}

/** @throws where groups do not divide the channels */
export function windowsOut(
  where: string,
  step: Extract<StepHeader, { op: 'conv' }>,
  [channels]: PlaneShape,
): void {
  check(
    channels % step.groups === 0 && step.shape[0] % step.groups === 0,
    where,
    () =>
      `step "${step.name}": ${step.groups} groups do not divide ${channels} channels and ${step.shape[0]} filters`,
  );
}
