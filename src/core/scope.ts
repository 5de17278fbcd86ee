// Scopes: everything made inside one and not returned is freed at its end. Tensors that a tape still needs stay alive
// through the tape's own references, so a scope around a training step is always safe.

import { live } from '../backends/live';
import { tensorsThatLive } from '../backends/out-of-memory';
import { SpikegradError } from '../errors';
import { notice } from '../notices';
import { callback, checkKind, kind } from '../options';

/** What a scope can free. */
export interface Disposable {
  dispose(): void;
  /** What is disposed of with it: a leaf's gradient. */
  grad?: Disposable | null;
}

const open: Set<Disposable>[] = [];

/** Tensors that live from which on those made outside every scope are taken for forgotten ones. */
const MANY = 5000;
let warned = false;

/** Puts a new resource into the innermost open scope. Outside every scope nobody does: of very many it warns, once. */
export function track(resource: Disposable): void {
  const level = open.at(-1);
  if (level !== undefined) level.add(resource);
  else if (!warned && live.size > MANY) {
    warned = true;
    notice(
      `${tensorsThatLive()}, and more are made outside every scope(). Wrap each step and each prediction in scope(() => …), which frees what was made in it and not returned, or dispose() of what is no longer needed.`,
    );
  }
}

/** Takes a resource, with its gradient, out of every open scope: it lives until somebody disposes of it. Returns it. */
export function keep<T extends Disposable>(resource: T): T {
  if (!isDisposable(resource)) checkKind('keep', 'it', disposable, resource);
  for (const level of open) {
    level.delete(resource);
    if (resource.grad) level.delete(resource.grad);
  }
  return resource;
}

/** Puts a resource where another is, in its scope or in none, so that both end together. Returns it. */
export function keepWith<T extends Disposable>(owner: Disposable, resource: T): T {
  for (const level of open) {
    level.delete(resource);
    if (level.has(owner)) level.add(resource);
  }
  return resource;
}

/**
 * Refuses a promise where work must be over at once. What comes of the promise is nobody's business any more: left
 * alone, its rejection would end the process.
 */
export function refusePromise(where: string, result: unknown, advice: string): void {
  if (!isPromiseLike(result)) return;
  result.then(undefined, () => undefined);
  throw new SpikegradError(where, `fn returned a Promise; ${advice}`);
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}

/**
 * Runs `fn` and frees every tensor made in it, and the gradients of leaves made in it, save those in what it returns
 * (looked for in arrays and plain objects) and those given to {@link keep}.
 * @throws when `fn` is asynchronous: other code would run inside the scope
 */
export function scope<R>(fn: () => R): R {
  if (typeof fn !== 'function') checkKind('scope', 'fn', callback(), fn);
  const level = new Set<Disposable>();
  open.push(level);
  let result: R;
  try {
    result = fn();
    refusePromise('scope', result, 'a scope must end before anything is awaited');
    if (result !== undefined) {
      const outer = open.at(-2);
      const survives = (survivor: Disposable): void => {
        if (level.delete(survivor)) outer?.add(survivor);
      };
      if (isDisposable(result) && !result.grad) survives(result);
      else for (const survivor of disposablesIn(result)) survives(survivor);
    }
  } finally {
    open.pop();
    for (const resource of level) {
      // a gradient that was returned or kept outlives its leaf
      if (resource.grad && !level.has(resource.grad)) resource.grad = null;
      resource.dispose();
    }
  }
  return result;
}

function isDisposable(value: unknown): value is Disposable {
  return typeof value === 'object' && value !== null && typeof (value as Disposable).dispose === 'function';
}

const disposable = kind<Disposable>('a tensor, or another thing that can be disposed of', isDisposable);

/** All that lie in a value, however deep: lists that hold themselves are looked at once. */
function disposablesIn(value: unknown): Disposable[] {
  const found: Disposable[] = [];
  const seen = new Set<unknown>([value]);
  for (const one of seen) {
    if (typeof one !== 'object' || one === null || ArrayBuffer.isView(one)) continue;
    if (isDisposable(one)) {
      found.push(one);
      if (one.grad) found.push(one.grad);
    } else for (const entry of one instanceof Map ? one.values() : Object.values(one)) seen.add(entry);
  }
  return found;
}
