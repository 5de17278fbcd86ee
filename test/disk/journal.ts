// A model of a disk that keeps nothing but what it was told to sync: calls of the file system are recorded, and a
// power loss after any of them leaves, of what was not synced, whatever a drawn disk leaves. Names count once their
// folder is synced, bytes once their file is; of the rest each name may be there or not, and each file be cut, or end
// in zeros.

import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';

type Promises = typeof import('node:fs/promises');

/** What a name points to: a file by its number, or a folder. */
type Target = number | 'folder';

type Call =
  | { readonly kind: 'names'; readonly folder: string; readonly set: ReadonlyMap<string, Target | undefined> }
  | { readonly kind: 'bytes'; readonly file: number; readonly added: Uint8Array }
  | { readonly kind: 'sync'; readonly of: Target; readonly path: string };

/** What a power loss leaves: every file by its path. */
export type Left = ReadonlyMap<string, Uint8Array>;

/** All calls below a folder, in order. */
export class Journal {
  readonly calls: Call[] = [];
  readonly #names = new Map<string, Target>();
  #files = 0;
  #root: string | undefined;

  /** @param root a folder that is there, and on the disk */
  begin(root: string): void {
    this.#root = resolve(root);
  }

  end(): void {
    this.#root = undefined;
  }

  #has(path: string): boolean {
    return this.#root !== undefined && resolve(path).startsWith(this.#root);
  }

  #set(...pairs: readonly (readonly [string, Target | undefined])[]): void {
    for (const [path, target] of pairs)
      if (target === undefined) this.#names.delete(resolve(path));
      else this.#names.set(resolve(path), target);
    const set = new Map(pairs.map(([path, target]) => [basename(path), target]));
    this.calls.push({ kind: 'names', folder: dirname(resolve(pairs[0]![0])), set });
  }

  /** The functions of Node that the library writes with, recorded. */
  recording(real: Promises): Promises {
    const journal = this;
    return {
      ...real,
      async mkdir(path: string) {
        await real.mkdir(path);
        if (journal.#has(path)) journal.#set([path, 'folder']);
      },
      async open(path: string, flags: string) {
        const handle = await real.open(path, flags);
        return journal.#has(path) ? journal.#opened(handle, path, flags) : handle;
      },
      async rename(from: string, to: string) {
        await real.rename(from, to);
        if (journal.#has(from)) journal.#set([to, journal.#names.get(resolve(from))!], [from, undefined]);
      },
      async link(from: string, to: string) {
        await real.link(from, to);
        if (journal.#has(to)) journal.#set([to, journal.#names.get(resolve(from))!]);
      },
      async rm(path: string, options: object) {
        await real.rm(path, options);
        if (journal.#names.has(resolve(path))) journal.#set([path, undefined]);
      },
    } as Promises;
  }

  #opened(handle: FileHandle, path: string, flags: string): FileHandle {
    let of = this.#names.get(resolve(path));
    if (of === undefined) {
      of = flags === 'r' ? 'folder' : this.#files++;
      if (of !== 'folder') this.#set([path, of]);
    }
    const target = of;
    const add = (content: Uint8Array | string) => {
      if (target !== 'folder')
        this.calls.push({
          kind: 'bytes',
          file: target,
          added: Uint8Array.from(Buffer.from(content as string)),
        });
    };
    const sync = async () => {
      await handle.sync();
      this.calls.push({ kind: 'sync', of: target, path: resolve(path) });
    };
    return {
      stat: () => handle.stat(),
      close: () => handle.close(),
      sync,
      datasync: sync,
      async writeFile(content: Uint8Array | string) {
        await handle.writeFile(content);
        add(content);
      },
      async appendFile(content: Uint8Array | string) {
        await handle.appendFile(content);
        add(content);
      },
    } as unknown as FileHandle;
  }

  /** What a power loss after so many calls leaves. @param draw numbers from 0 to 1 */
  lossAfter(count: number, root: string, draw: () => number): Left {
    const calls = this.calls.slice(0, count);
    const lastSync = (holds: (call: Call & { kind: 'sync' }) => boolean) =>
      calls.findLastIndex((call) => call.kind === 'sync' && holds(call));
    const names = new Map<string, Target>();
    for (const [i, call] of calls.entries()) {
      if (call.kind !== 'names') continue;
      const isSafe = i < lastSync(({ of, path }) => of === 'folder' && path === call.folder);
      if (!isSafe && draw() < 0.5) continue;
      for (const [name, target] of call.set) {
        const path = resolve(call.folder, name);
        if (target === undefined) names.delete(path);
        else names.set(path, target);
      }
    }
    const left = new Map<string, Uint8Array>();
    for (const [path, target] of names) {
      if (target === 'folder' || !isReached(path, resolve(root), names)) continue;
      const safe = lastSync(({ of }) => of === target);
      const parts = calls.map((call, i) => ({ call, isSafe: i < safe }));
      const bytes = (wanted: boolean) =>
        Buffer.concat(
          parts.flatMap(({ call, isSafe }) =>
            call.kind === 'bytes' && call.file === target && isSafe === wanted ? [call.added] : [],
          ),
        );
      const loose = bytes(false);
      const kept = loose.subarray(0, Math.floor(draw() * (loose.length + 1)));
      const zeros = draw() < 0.3 ? Buffer.alloc(loose.length - kept.length) : Buffer.alloc(0);
      left.set(path, Buffer.concat([bytes(true), kept, zeros]));
    }
    return left;
  }
}

/** Whether all folders above a path are there. */
function isReached(path: string, root: string, names: ReadonlyMap<string, Target>): boolean {
  for (let at = dirname(path); at !== root; at = dirname(at)) if (names.get(at) !== 'folder') return false;
  return true;
}
