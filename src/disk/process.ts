// Who this process is, and whether another one lives, without any clock. On Linux a process is known by its number
// and its start time within one boot and one space of process numbers (a container has its own); of all others
// nothing can be said.

import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { errorCode } from './errors';

/** What a process is known by. */
export interface ProcessName {
  readonly pid: number;
  readonly host: string;
  /** Boot, space of process numbers and of times; empty where the system does not tell. */
  readonly space: string;
  /** When it started, in ticks since the boot; empty where the system does not tell. */
  readonly start: string;
}

/** `unknown`: it cannot be seen from here. */
export type Life = 'alive' | 'dead' | 'unknown';

let seen: { space: string; start: string } | undefined;

/** This process. */
export function thisProcess(): ProcessName {
  seen ??= ofThisProcess();
  return { pid: process.pid, host: hostname(), space: seen?.space ?? '', start: seen?.start ?? '' };
}

function ofThisProcess(): { space: string; start: string } | undefined {
  try {
    // a /proc of another space of process numbers would tell of other processes
    if (readlinkSync('/proc/self') !== String(process.pid)) return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const pids = readlinkSync('/proc/self/ns/pid');
    // start times count from the boot as a space of times has it
    const times = timeSpace();
    const stat = statOf('self');
    return stat && { space: `${boot} ${pids} ${times}`, start: stat.start };
  } catch {
    return undefined;
  }
}

/** Kernels before 5.6 have only one. */
function timeSpace(): string {
  try {
    return readlinkSync('/proc/self/ns/time');
  } catch {
    return 'time';
  }
}

/** State and start time of a process; undefined where there is none, or none to be seen. */
function statOf(pid: number | 'self'): { state: string; start: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // the second field is the program's name, which may hold anything: count from its end
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0]!, start: fields[19]! };
  } catch {
    return undefined;
  }
}

/** Whether a process number is taken, as far as the system tells. */
function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}

/**
 * Whether a process lives. A number that another process has by now does not count, nor one that has ended unreaped.
 */
export function lifeOf({ pid, host, space, start }: ProcessName): Life {
  const here = thisProcess();
  if (here.space === '' || space !== here.space || host !== here.host) return 'unknown';
  const stat = statOf(pid);
  if (stat === undefined) return isTaken(pid) ? 'unknown' : 'dead';
  return stat.start === start && !/[ZX]/.test(stat.state) ? 'alive' : 'dead';
}

/** Eight letters for what is common to all processes that can see each other. */
export function spaceMark({ host, space }: ProcessName = thisProcess()): string {
  return createHash('sha256').update(`${host}\n${space}`).digest('hex').slice(0, 8);
}

/** Like {@link lifeOf}, for one of this very space by its mark; without start times the number alone must do. */
export function livesHere(pid: number, start: string): boolean {
  const here = thisProcess();
  return here.space === '' ? isTaken(pid) : lifeOf({ ...here, pid, start }) !== 'dead';
}
