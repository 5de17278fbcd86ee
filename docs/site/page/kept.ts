// What a reader has written into a cell, kept by the browser for the next visit, here alone. Where a browser keeps
// nothing, nothing is lost but that.

export interface Kept {
  /** What was written on an earlier visit; undefined where nothing was, or the program is another by now. */
  read(): string | undefined;
  write(text: string): void;
}

/** @param program as the page has it */
export function keptText(place: string, program: string): Kept {
  const key = `spikegrad ${place}`;
  const spared = <T>(act: () => T): T | undefined => {
    try {
      return act();
    } catch {
      return undefined; // the reader's browser allows it not, or it is full
    }
  };
  return {
    read: () =>
      spared(() => {
        const [first, text] = JSON.parse(localStorage.getItem(key) ?? '[]') as string[];
        return first === program ? text : undefined;
      }),
    write: (text) =>
      spared(() => {
        if (text === program) localStorage.removeItem(key);
        else localStorage.setItem(key, JSON.stringify([program, text]));
      }),
  };
}
