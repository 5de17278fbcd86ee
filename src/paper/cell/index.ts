// A cell of table 1: one training run, named by its settings, and what is kept of it when it is done. Weights stay in
// the run's folder; a record is small enough to be committed.

import type { EpochMetrics, RunSettings } from '../../train';
import type { RunSummary } from '../../train/report';
import type { Surroundings } from '../../train/surroundings';
import { armName, armOf } from '../arm';

export const CELL_FORMAT = 'spikegrad cell 1';

/** Where a cell was trained. */
export interface CellEnvironment {
  readonly processor: string;
  /** Operating system and architecture, as `linux x64`. */
  readonly platform: string;
  readonly node: string;
  readonly spikegrad: string;
  /** As `wasm backend, relaxed SIMD, 1 thread`. */
  readonly backend: string;
  /** The version with a hash of its kernels: `0.1.0+4b99c155dc24`. Absent in older records. */
  readonly build?: string;
  /** SIMD flavour of wasm. Absent in older records. */
  readonly simd?: Surroundings['simd'];
}

export interface CellRecord {
  readonly format: typeof CELL_FORMAT;
  readonly settings: RunSettings;
  /** Images in each split. */
  readonly images: {
    readonly train: number;
    readonly test: number;
    /** A hash of their pixels and labels. Absent in older records. */
    readonly content?: string;
  };
  readonly history: readonly EpochMetrics[];
  /** Training loss as [last step, mean] of equal stretches of steps. */
  readonly loss: readonly (readonly [number, number])[];
  readonly summary: Omit<RunSummary, 'settings'>;
  readonly environment: CellEnvironment;
  /** When it was finished, ISO 8601. */
  readonly finished: string;
}

/**
 * All settings but the arm, the seed, and what the arm chose by a rule: cells that share them are compared. Equal
 * settings give equal text.
 */
export function conditionOf(settings: RunSettings): string {
  const { mpr, gradientScale, seed, lr, ...rest } = settings;
  return canonical(settings.rateRule == null ? { ...rest, lr } : rest);
}

/**
 * Whether the difference between two cells of a condition is that of their arms: they are of one seed, one build
 * trained them, on the same images. Records that name no build, or hold no hash of their images, are alike only among
 * themselves.
 */
export function isPair(a: CellRecord, b: CellRecord): boolean {
  return (
    a.settings.seed === b.settings.seed &&
    a.environment.build === b.environment.build &&
    a.images.content === b.images.content
  );
}

/** Two runs with the same settings compute the same. */
export function sameSettings(a: RunSettings, b: RunSettings): boolean {
  return canonical(a) === canonical(b);
}

/**
 * JSON with the keys in order; what is undefined or null is as good as absent, so that old records match new settings.
 */
function canonical(value: object): string {
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined && entry !== null);
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** FNV-1a, 32 bits: tells budgets apart in the names of folders, nothing more. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** The condition, and the rate where the arm chose it: two cells of one arm and seed never share a name. */
function identityOf(settings: RunSettings): string {
  const condition = conditionOf(settings);
  return settings.rateRule == null ? condition : `${condition} ${settings.lr}`;
}

/** `cifar10-resnet20-small-w16-T2-k3-s0-1f0c62aa`; the last part stands for the rest of the settings. */
export function cellName(settings: RunSettings): string {
  const { dataset, arch, width, timesteps, seed } = settings;
  return `${dataset}-${arch}-w${width}-T${timesteps}-${armName(armOf(settings))}-s${seed}-${fingerprint(identityOf(settings))}`;
}

/** Most points of a loss curve that a record keeps. */
const LOSS_POINTS = 200;

/** Means over equal stretches of at most 200. @param losses of each step, from step 1 */
export function lossCurve(losses: readonly number[]): [number, number][] {
  const stretch = Math.max(1, Math.ceil(losses.length / LOSS_POINTS));
  const points: [number, number][] = [];
  for (let from = 0; from < losses.length; from += stretch) {
    const part = losses.slice(from, from + stretch);
    const mean = part.reduce((sum, loss) => sum + loss, 0) / part.length;
    points.push([from + part.length, Number(mean.toPrecision(5))]);
  }
  return points;
}
