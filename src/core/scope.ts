// Scopes: everything made inside one and not returned is freed at its end. Tensors that a tape still needs stay alive
// through the tape's own references, so a scope around a training step is always safe.

import { check } from '../errors';
import { callback, checkKind, kind } from '../options';

/** What a scope can free. */
export interface Disposable {
  dispose(): void;
}

const open: Set<Disposable>[] = [];

/** Puts a new resource into the innermost open scope. */
export function track(resource: Disposable): void {
  open.at(-1)?.add(resource);
}

/** Takes a resource out of every open scope: it lives until somebody disposes of it. Returns it. */
export function keep<T extends Disposable>(resource: T): T {
  if (!isDisposable(resource)) checkKind('keep', 'it', disposable, resource);
  for (const level of open) level.delete(resource);
  return resource;
}

/**
 * Runs `fn` and frees every tensor made in it, save those in what it returns (looked for in arrays and plain objects)
 * and those given to {@link keep}.
 * @throws when `fn` is asynchronous: other code would run inside the scope
 */
export function scope<R>(fn: () => R): R {
  if (typeof fn !== 'function') checkKind('scope', 'fn', callback(), fn);
  const level = new Set<Disposable>();
  open.push(level);
  let result: R;
  try {
    result = fn();
    check(
      !(result instanceof Promise),
      'scope',
      'fn returned a Promise; a scope must end before anything is awaited',
    );
    for (const survivor of disposablesIn(result)) {
      if (level.delete(survivor)) open.at(-2)?.add(survivor);
    }
  } finally {
    open.pop();
    for (const resource of level) resource.dispose();
  }
  return result;
}

function isDisposable(value: unknown): value is Disposable {
  return typeof value === 'object' && value !== null && typeof (value as Disposable).dispose === 'function';
}

const disposable = kind<Disposable>('a tensor, or another thing that can be disposed of', isDisposable);

function* disposablesIn(value: unknown, seen = new Set<unknown>()): Generator<Disposable> {
  if (typeof value !== 'object' || value === null || seen.has(value) || ArrayBuffer.isView(value)) return;
  seen.add(value);
  if (isDisposable(value)) yield value;
  else if (value instanceof Map) for (const entry of value.values()) yield* disposablesIn(entry, seen);
  else for (const entry of Object.values(value)) yield* disposablesIn(entry, seen);
}
