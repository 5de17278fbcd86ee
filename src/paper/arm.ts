// The arms of a comparison: what cells that are compared differ in. An arm is a rectifier, or none, and a factor on the
// gradient of every spike, which is the surrogate's scale:
//
//   none          no rectifier                      mpr:3      MPR with k = 3
//   scale:1.05    no rectifier, gradient times 1.05 mpr:7*0.65 MPR with k = 7, gradient times 0.65

import { SpikegradError } from '../errors';
import type { RunSettings } from '../train';

/** What the cells of one arm share. */
export interface Arm {
  /** Steepness of MPR; null is none. */
  readonly mpr: number | null;
  /** Factor on the gradient of every spike. */
  readonly scale: number;
}

const NUMBER = String.raw`(\d+\.?\d*|\.\d+)`;
const WRITTEN = new RegExp(`^(?:none|mpr:${NUMBER}(?:\\*${NUMBER})?|scale:${NUMBER})$`);

/** @throws for a word that is no arm, or a number that is not above 0 */
export function parseArm(word: string): Arm {
  const found = WRITTEN.exec(word);
  const [, mpr, times, alone] = found ?? [];
  const arm = {
    mpr: mpr === undefined ? null : Number(mpr),
    scale: Number(times ?? alone ?? 1),
  };
  if (found === null || arm.mpr === 0 || arm.scale === 0)
    throw new SpikegradError(
      'parseArm',
      `"${word}" is no arm: write none, mpr:3, scale:1.05 or mpr:7*0.65, with numbers above 0`,
    );
  return arm;
}

export function armOf({ mpr, gradientScale = 1 }: Pick<RunSettings, 'mpr' | 'gradientScale'>): Arm {
  return { mpr, scale: gradientScale };
}

/** The settings that make an arm; a scale of 1 is written as absent. */
export function settingsOfArm({ mpr, scale }: Arm): Pick<RunSettings, 'mpr' | 'gradientScale'> {
  return { mpr, gradientScale: scale === 1 ? undefined : scale };
}

/** `none`, `k3`, `x1.05` or `k7x0.65`: for names of files. Equal arms have equal names. */
export function armName({ mpr, scale }: Arm): string {
  const steepness = mpr === null ? '' : `k${mpr}`;
  return steepness + (scale === 1 ? '' : `x${scale}`) || 'none';
}

/** `none`, `k = 3`, `none × 1.05` or `k = 7 × 0.65`: for people. */
export function armWords({ mpr, scale }: Arm): string {
  return `${mpr === null ? 'none' : `k = ${mpr}`}${scale === 1 ? '' : ` × ${scale}`}`;
}

/** Whether a run's settings are those of the arm. */
export function isOfArm(settings: Pick<RunSettings, 'mpr' | 'gradientScale'>, arm: Arm): boolean {
  const { mpr, scale } = armOf(settings);
  return mpr === arm.mpr && scale === arm.scale;
}

/** Whether it is what all others are compared with: neither rectifier nor factor. */
export function isReference({ mpr, scale }: Arm): boolean {
  return mpr === null && scale === 1;
}

/** Without a rectifier first, then by steepness, then by factor, 1 first. */
export function compareArms(a: Arm, b: Arm): number {
  const distance = ({ scale }: Arm) => (scale === 1 ? 0 : scale);
  return (a.mpr ?? 0) - (b.mpr ?? 0) || distance(a) - distance(b);
}
