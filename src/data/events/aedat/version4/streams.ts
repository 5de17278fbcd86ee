// Which streams of an AEDAT 4 file are events, and how large their sensor is, by the XML in its header:
//   <node name="outInfo"> <node name="0"> <attr key="typeIdentifier">EVTS</attr> <node name="info"> <attr
//   key="sizeX">346</attr>
// Not XML in general: tags and attributes one after another.

import type { SensorSize } from '../../stream';

export interface StreamOfEvents extends SensorSize {
  /** The number that its packets have. */
  readonly id: number;
}

const TAG = /<node\b([^>]*?)(\/?)>|<\/node>|<attr\b([^>]*)>([^<]*)<\/attr>/g;
const nameIn = (words: string, key: string) => new RegExp(`\\b${key}="([^"]*)"`).exec(words)?.[1];
/** Nothing that is called a stream is nested deeper. */
const DEEPEST = 16;

/** The streams of events, by their numbers. */
export function eventStreams(info: string): StreamOfEvents[] {
  const path: string[] = [];
  const found = new Map<number, Map<string, string>>();
  for (const [tag, node, closed, attribute, value] of info.matchAll(TAG)) {
    if (node !== undefined) {
      if (closed === '' && path.length < DEEPEST) path.push(nameIn(node, 'name') ?? '');
    } else if (attribute === undefined) {
      if (tag === '</node>') path.pop();
    } else {
      const stream = path[path.indexOf('outInfo') + 1] ?? '';
      const key = nameIn(attribute, 'key');
      if (!/^\d{1,9}$/.test(stream) || key === undefined) continue;
      const own = found.get(Number(stream)) ?? new Map<string, string>();
      if (!own.has(key)) own.set(key, value!);
      found.set(Number(stream), own);
    }
  }
  return [...found]
    .filter(([, attributes]) => attributes.get('typeIdentifier') === 'EVTS')
    .sort(([a], [b]) => a - b)
    .map(([id, attributes]) => {
      const [width, height] = ['sizeX', 'sizeY'].map((key) => Number(attributes.get(key)));
      const isSize = [width, height].every((side) => Number.isInteger(side) && side! > 0 && side! <= 2 ** 15);
      return isSize ? { id, width, height } : { id };
    });
}
