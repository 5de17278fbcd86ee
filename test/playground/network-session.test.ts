// Who trains when: the Network room's session against a training that only counts.

import { describe, expect, test } from 'vitest';
import type { TrainingClient } from '../../examples/playground/src/rooms/network/client';
import type { Request, Snapshot } from '../../examples/playground/src/rooms/network/messages';
import { Session } from '../../examples/playground/src/rooms/network/session';
import {
  networkCodec,
  ranges,
  type TrainingSettings,
} from '../../examples/playground/src/rooms/network/state';
import { fc, test as property } from '../support/properties';

const settings = (seed: number): TrainingSettings => ({ ...networkCodec.initial, seed });
const points = { places: new Float32Array(), labels: new Uint8Array() };

/** A training that counts steps, keeps its seed in the place of a loss and answers after a turn of the event loop. */
class Counting implements TrainingClient {
  readonly asked: Request[] = [];
  #seed = 0;
  #step = 0;
  #inFlight = 0;
  most = 0;
  broken = false;

  async ask(request: Request): Promise<Snapshot> {
    this.asked.push(request);
    this.#inFlight += 1;
    this.most = Math.max(this.most, this.#inFlight);
    await new Promise((resolve) => setTimeout(resolve));
    this.#inFlight -= 1;
    if (this.broken) throw new Error('out of order');
    if (request.ask === 'begin') [this.#seed, this.#step] = [request.settings.seed, 0];
    else this.#step += request.steps;
    const history = [{ step: this.#step, train: [this.#seed], test: [] }];
    return { step: this.#step, T: 1, train: points, test: points, networks: [], history };
  }
}

function started(client = new Counting()) {
  const shown: { seed: number; step: number }[] = [];
  const problems: string[] = [];
  const playing: boolean[] = [];
  const session = new Session(client, {
    onSnapshot: ({ step, history }) => shown.push({ seed: history[0]!.train[0]!, step }),
    onPlaying: (now) => playing.push(now),
    onProblem: (text) => problems.push(text),
  });
  return { client, session, shown, problems, playing };
}

const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setTimeout(resolve));
};

const moves = fc.array(
  fc.oneof(
    fc.record({ aim: fc.integer({ min: 0, max: 60 }), seed: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ wait: fc.integer({ min: 0, max: 3 }) }),
    fc.constantFrom('pause' as const, 'resume' as const),
  ),
  { maxLength: 12 },
);

describe('a session', () => {
  property.prop([moves, fc.integer({ min: 0, max: 60 })], { numRuns: 40 })(
    'ends where it was last sent, whatever came before, with one request at a time',
    async (before, goal) => {
      const { client, session, shown } = started();
      for (const move of before) {
        if (move === 'pause') session.pause();
        else if (move === 'resume') session.resume();
        else if ('wait' in move) await turns(move.wait);
        else session.aim(settings(move.seed), move.aim, 'fast');
      }
      session.aim(settings(9), goal, 'fast');
      session.resume();
      await expect.poll(() => shown.at(-1), { interval: 1 }).toEqual({ seed: 9, step: goal });
      await turns(4);
      expect(shown.at(-1)).toEqual({ seed: 9, step: goal });
      expect(client.most).toBe(1);
    },
  );

  test('asks for nothing while it rests', async () => {
    const { client, session } = started();
    session.aim(settings(1), 10, 'fast');
    session.play(true);
    await turns(3);
    expect(client.asked).toEqual([]);
  });

  test('goes on from where it is when more steps are wanted, and begins anew for fewer', async () => {
    const { client, session, shown } = started();
    session.resume();
    session.aim(settings(1), 5, 'fast');
    await expect.poll(() => shown.at(-1)?.step).toBe(5);
    session.aim(settings(1), 7, 'fast');
    await expect.poll(() => shown.at(-1)?.step).toBe(7);
    session.aim(settings(1), 3, 'fast');
    await expect.poll(() => shown.at(-1)?.step).toBe(3);
    const begin = { ask: 'begin', settings: settings(1) };
    const advance = (steps: number) => ({ ask: 'advance', steps });
    expect(client.asked).toEqual([begin, advance(5), advance(2), begin, advance(3)]);
  });

  test('stops playing at the last step', async () => {
    const { session, shown, playing } = started();
    session.resume();
    session.aim(settings(1), ranges.steps.max, 'fast');
    session.play(true);
    await expect.poll(() => playing, { timeout: 10_000 }).toEqual([true, false]);
    expect(shown.at(-1)!.step).toBe(ranges.steps.max);
  });

  test('tells an error, stops playing, and trains again when it is asked to', async () => {
    const { client, session, shown, problems, playing } = started();
    client.broken = true;
    session.resume();
    session.aim(settings(1), 2, 'fast');
    session.play(true);
    await expect.poll(() => problems).toEqual(['out of order']);
    expect(playing).toEqual([true, false]);
    client.broken = false;
    session.aim(settings(1), 2, 'fast');
    await expect.poll(() => shown.at(-1)?.step).toBe(2);
  });
});
