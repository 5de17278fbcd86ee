// One side of a comparison: a program of its own, started once, that works when it is asked to and sleeps otherwise.
// So neither heaps nor compiled code nor threads of two sides meet, and a round can go from one to the next within
// seconds.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Answer, Facts, Greeting } from './protocol';

export interface EntrantPlan {
  readonly name: string;
  /** Program, arguments; the job is added as JSON. */
  readonly command: readonly string[];
  readonly job: object;
  readonly environment?: Readonly<Record<string, string>>;
  /** What one repetition counts for, say the images of a batch: times are divided by it. */
  readonly units: number;
  /** Repetitions of one burst. */
  readonly repetitions: number;
  /** Repetitions before anything counts. */
  readonly warmup: number;
  /** Rounds that it takes part in, for the very slow. Default: all. */
  readonly rounds?: number;
  /**
   * What counts against another build: processor time of a `burst` (the default) or of the `whole` process, its start
   * and its warm-up too; or what the work itself has `measured`, the median of a burst.
   */
  readonly counts?: 'burst' | 'whole' | 'measured';
}

/** Why an entrant does not take part, in words for the report. */
export class Absent extends Error {}

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

export class Entrant {
  private constructor(
    readonly plan: EntrantPlan,
    readonly facts: Facts,
    readonly process: ChildProcess,
    readonly lines: AsyncIterator<string>,
  ) {}

  /** @throws Absent when the peer is missing or does not come up */
  static async start(plan: EntrantPlan): Promise<Entrant> {
    const [program, ...args] = plan.command as [string, ...string[]];
    const child = spawn(program, [...args, JSON.stringify(plan.job)], {
      cwd: REPOSITORY,
      env: { ...process.env, ...plan.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let complaint = '';
    child.stderr.on('data', (text: Buffer) => {
      complaint = (complaint + text.toString()).slice(-300);
    });
    child.stdin.on('error', () => undefined); // the missing answer will tell
    const failed = once(child, 'error').then(([error]) => {
      throw new Absent(`${program} does not start: ${(error as Error).message}`);
    });
    failed.catch(() => undefined);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { value, done } = await Promise.race([lines.next(), failed]);
    if (done) throw new Absent(`it ended without a word: ${complaint.trim()}`);
    const greeting = JSON.parse(value) as Greeting;
    if ('missing' in greeting) throw new Absent(`not installed; it would come with \`${greeting.missing}\``);
    if ('failed' in greeting) throw new Absent(greeting.failed);
    const entrant = new Entrant(plan, greeting.ready, child, lines);
    await entrant.burst(plan.warmup);
    return entrant;
  }

  /** @returns milliseconds of each repetition, for one unit */
  async burst(repetitions: number): Promise<number[]> {
    if (repetitions === 0) return [];
    return (await this.work(repetitions)).milliseconds.map((time) => time / this.plan.units);
  }

  /** Has it work, and gives its answer as it is. */
  async work(repetitions: number): Promise<Answer> {
    this.process.stdin!.write(`${JSON.stringify({ repetitions })}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Absent('it ended during its work');
    return JSON.parse(value) as Answer;
  }

  stop(): void {
    this.process.stdin!.end();
    this.process.kill();
  }
}
