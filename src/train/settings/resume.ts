// What may change when a run goes on, in one table: of its settings, and of what it is computed with.

import { SpikegradError } from '../../errors';
import { compareVersions, type Surroundings } from '../surroundings';
import { type RunSettings, SETTING_NAMES, type SettingName, settingNamed } from '.';
import { type GivenSettings, settingIn, settingsEqual } from './defaults';
import { flagOf, type MayChange, settingInWords } from './setting';

/** Freely; freely with a line in the report; with --force and such a line; never. */
export type OnResume = MayChange | 'noted' | 'forced';

/** Options of `spikegrad train` that are no settings. */
const OPTIONS = {
  data: 'freely',
  threads: 'freely',
  workers: 'freely',
  saveEvery: 'freely',
  profile: 'freely',
  detectAnomaly: 'freely',
  backend: 'forced',
  simd: 'forced',
} as const satisfies Record<string, OnResume>;

/** What no option decides alone. */
const FACTS = {
  'newer version': 'noted',
  'older version': 'forced',
  'another build': 'noted',
  images: 'never',
} as const satisfies Record<string, OnResume>;

const BESIDES = { ...OPTIONS, ...FACTS };

type Beside = keyof typeof BESIDES;

/** What may change on --resume, by the name of a setting, an option, or what else decides the numbers of a run. */
export const RESUME_TABLE: Readonly<Record<string, OnResume>> = {
  ...Object.fromEntries(
    SETTING_NAMES.filter((name) => settingNamed(name).given !== undefined).map((name) => [
      name,
      settingNamed(name).resume,
    ]),
  ),
  ...BESIDES,
};

/** @throws naming every option that says something else than the run has, with both values */
export function checkGiven(settings: RunSettings, given: GivenSettings): void {
  const contrary = (Object.keys(given) as SettingName[]).filter(
    (name) =>
      given[name] !== undefined &&
      settingNamed(name).resume === 'never' &&
      !settingsEqual(given[name], settingIn(settings, name)),
  );
  if (contrary.length === 0) return;
  const words = contrary.map(
    (name) =>
      `${flagOf(name)} ${settingInWords(given[name])}, but the run has ${settingInWords(settingIn(settings, name))}`,
  );
  throw new SpikegradError(
    'train',
    `${words.join('; ')}: --resume keeps the settings that a run was started with; leave ${contrary.length === 1 ? 'it' : 'them'} out, or start another run with another --out`,
  );
}

/** A difference between what a run was computed with and what it is to go on with. */
interface Difference {
  readonly what: Beside;
  readonly before: string;
  readonly now: string;
}

const wordsOf = (what: Beside) => (what === 'simd' ? 'SIMD flavour' : what);

function differences(before: Surroundings, now: Surroundings): Difference[] {
  const found: Difference[] = [];
  const note = (what: Beside, a: string | undefined, b: string | undefined) => {
    if (a !== undefined && b !== undefined && a !== b) found.push({ what, before: a, now: b });
  };
  const newer = compareVersions(now.version, before.version) >= 0;
  note(newer ? 'newer version' : 'older version', before.version, now.version);
  if (before.version === now.version && before.backend === now.backend)
    note('another build', before.build, now.build);
  note('backend', before.backend, now.backend);
  note('simd', before.simd, now.simd);
  const hasBoth = before.images.content !== undefined && now.images.content !== undefined;
  const inWords = ({ images: { name, train, test, content } }: Surroundings) =>
    `${name} (${train} for training, ${test} for testing${hasBoth ? `, hash ${content}` : ''})`;
  note('images', inWords(before), inWords(now));
  return found;
}

const WAYS_OUT = {
  images: 'a run goes on with the images that it was started with; for others start another run',
  forced: '--force goes on all the same, and the report says so; the last bits of the numbers may differ',
};

/**
 * What changes for a run that goes on.
 * @param before undefined in checkpoints that did not note it
 * @returns lines for the report, none where nothing changed
 * @throws for what may never change, and without `force` for what needs it, with both values
 */
export function changesOf(before: Surroundings | undefined, now: Surroundings, force: boolean): string[] {
  if (before === undefined)
    return [
      `spikegrad ${now.version} on ${now.backend}; the version that began the run did not note itself, its backend and its images`,
    ];
  const found = differences(before, now);
  const refused = found.filter(
    ({ what }) => BESIDES[what] === 'never' || (BESIDES[what] === 'forced' && !force),
  );
  if (refused.length > 0) {
    const never = refused.some(({ what }) => BESIDES[what] === 'never');
    const words = refused.map((one) => `${wordsOf(one.what)}: the run has ${one.before}, here is ${one.now}`);
    throw new SpikegradError('train', `${words.join('; ')}: ${never ? WAYS_OUT.images : WAYS_OUT.forced}`);
  }
  const lines = found.map((one) => `${wordsOf(one.what)}: ${one.now} instead of ${one.before}`);
  const { name, content } = now.images;
  if (before.images.content === undefined && content !== undefined)
    lines.push(
      `images: those of ${name} here, hash ${content}; the checkpoint holds no hash to compare it with`,
    );
  return lines;
}

/** The table for help, a line for each answer; the settings that never change are the others. */
export function resumeInWords(): string {
  const names = (wanted: OnResume) => {
    const all = Object.keys(RESUME_TABLE).filter((name) => RESUME_TABLE[name] === wanted);
    const shown = wanted === 'never' ? all.filter((name) => name in BESIDES) : all;
    return shown.map((name) => (name in FACTS ? name : flagOf(name))).join(', ');
  };
  return [
    `freely ${names('freely')}`,
    `with a line in the report ${names('noted')}`,
    `with --force and such a line ${names('forced')}`,
    `never all other settings, and ${names('never')}`,
  ].join('\n  ');
}
