// The line of progress on a terminal.

import { afterEach, expect, test, vi } from 'vitest';
import { startBar } from '../../src/cli/terminal/bar';

afterEach(() => void vi.restoreAllMocks());

test('a bar is drawn at once, not too often, and leaves an empty line and a cursor', () => {
  let clock = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text) > 0 } as unknown as NodeJS.WriteStream;
  const listeners = process.listenerCount('exit');
  let done = 0;
  const bar = startBar(stream, () => `at ${done}`);
  for (done = 1; done <= 30; done++) {
    clock += 10;
    bar.update();
  }
  bar.stop();
  const drawn = written.join('').split('\r\x1b[K');
  expect(drawn).toEqual(['\x1b[?25l', 'at 0', 'at 10', 'at 20', 'at 30', '\x1b[?25h']);
  expect(process.listenerCount('exit')).toBe(listeners);
});
