// What waits until the page has been painted: behind a frame, or a moment where a tab that nobody looks at draws none.

import { afterEach, expect, test, vi } from 'vitest';
import { painted } from '../../examples/playground/src/frame/painted';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('work waits for the frame and its paint, or a tenth of a second where there is none', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const frames: (() => void)[] = [];
  vi.stubGlobal('requestAnimationFrame', (call: () => void) => frames.push(call));
  let done = 0;
  const wait = () => void painted().then(() => done++);
  wait();
  await vi.advanceTimersByTimeAsync(50);
  expect(done).toBe(0);
  frames[0]!();
  expect(done).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(done).toBe(1);
  wait();
  await vi.advanceTimersByTimeAsync(100);
  expect(done).toBe(2);
});
