import { describe, expect, test } from 'vitest';
import {
  type Arm,
  armName,
  armOf,
  armWords,
  compareArms,
  isReference,
  parseArm,
  settingsOfArm,
} from '../../src/paper/arm';
import { fc, test as property } from '../support/properties';

const number = fc.integer({ min: 1, max: 999 }).map((n) => n / 100);
const arms = fc.record<Arm>({ mpr: fc.option(number), scale: fc.oneof(fc.constant(1), number) });

describe('an arm', () => {
  test.each([
    ['none', { mpr: null, scale: 1 }, 'none', 'none'],
    ['mpr:3', { mpr: 3, scale: 1 }, 'k3', 'k = 3'],
    ['scale:1.05', { mpr: null, scale: 1.05 }, 'x1.05', 'none × 1.05'],
    ['mpr:7*0.65', { mpr: 7, scale: 0.65 }, 'k7x0.65', 'k = 7 × 0.65'],
  ])('%s is read, and named for files and for people', (word, arm, name, words) => {
    expect(parseArm(word)).toEqual(arm);
    expect([armName(arm), armWords(arm)]).toEqual([name, words]);
  });

  test.each(['', 'k3', 'mpr', 'mpr:0', 'scale:-1', 'mpr:3*', 'mpr:3*0', 'none*2', 'scale:1e3'])(
    'refuses "%s" and shows the forms',
    (word) => {
      expect(() => parseArm(word)).toThrow(
        /parseArm: ".*" is no arm: write none, mpr:3, scale:1.05 or mpr:7/,
      );
    },
  );

  property.prop([arms])('comes back from the settings that it makes', (arm) => {
    expect(armOf(settingsOfArm(arm))).toEqual(arm);
    expect(isReference(arm)).toBe(armName(arm) === 'none');
  });

  property.prop([arms, arms])('has a name of its own, and one order', (a, b) => {
    expect(armName(a) === armName(b)).toBe(a.mpr === b.mpr && a.scale === b.scale);
    expect(Math.sign(compareArms(a, b)) + Math.sign(compareArms(b, a))).toBe(0);
  });

  test('stands behind none, by steepness, its plain form first', () => {
    const sorted = ['mpr:7*0.65', 'scale:1.05', 'mpr:3', 'none', 'mpr:7'].map(parseArm).sort(compareArms);
    expect(sorted.map(armName)).toEqual(['none', 'x1.05', 'k3', 'k7', 'k7x0.65']);
  });
});
