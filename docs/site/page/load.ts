// Scripts that are loaded when they are needed, by a tag: from a disk there is no other way. Each leaves one thing
// on the window.

import type * as editor from './editor';

interface Loaded {
  /** The worker's code. */
  spikegradWorker: string;
  spikegradEditor: typeof editor;
}

/** Where this script lies, and the others beside it. */
const folder = new URL('.', (document.currentScript as HTMLScriptElement).src);
const underway = new Map<string, Promise<void>>();

function loadScript(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const tag = document.createElement('script');
    tag.src = new URL(`${name}.js`, folder).href;
    tag.onload = () => resolve();
    tag.onerror = () => {
      underway.delete(name); // the next click tries again
      reject(new Error(`${tag.src} does not load`));
    };
    document.head.append(tag);
  });
}

/** What the script `name` leaves under `key`. @throws where it does not load */
export async function load<K extends keyof Loaded>(name: string, key: K): Promise<Loaded[K]> {
  if (!underway.has(name)) underway.set(name, loadScript(name));
  await underway.get(name);
  return (window as unknown as Loaded)[key];
}
