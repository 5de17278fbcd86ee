// One line of a terminal that is drawn over and over: where work stands, gone when it ends.

/** Milliseconds between drawings. */
const INTERVAL = 100;

const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
/** To the first column, with nothing left of what stood there. */
const CLEAR = '\r\x1b[K';

export interface Bar {
  /** Draws the line, where the last drawing is not too fresh. */
  update(): void;
  stop(): void;
}

/** @param line what to draw: no wider than the terminal, whose last column stays free for those that wrap there */
export function startBar(stream: NodeJS.WriteStream, line: () => string): Bar {
  let drawn = performance.now();
  const draw = () => stream.write(`${CLEAR}${line()}`);
  const showCursor = () => void stream.write(SHOW_CURSOR);
  // a process may end in the middle of its work
  process.once('exit', showCursor);
  stream.write(HIDE_CURSOR);
  draw();
  return {
    update() {
      const now = performance.now();
      if (now - drawn < INTERVAL) return;
      drawn = now;
      draw();
    },
    stop() {
      process.off('exit', showCursor);
      stream.write(`${CLEAR}${SHOW_CURSOR}`);
    },
  };
}
