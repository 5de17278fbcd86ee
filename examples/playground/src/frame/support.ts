// What this browser lacks, in words for the reader. The page goes on with what works.

/** The parts of a browser's window that are asked for. */
export interface Features {
  readonly webAssembly: boolean;
  readonly workers: boolean;
  /** Popovers and the light-dark() of CSS: both came by 2024. */
  readonly recent: boolean;
}

export function browserFeatures(): Features {
  return {
    webAssembly: 'WebAssembly' in globalThis,
    workers: 'Worker' in globalThis,
    recent: 'popover' in HTMLElement.prototype && CSS.supports('color', 'light-dark(#000, #fff)'),
  };
}

export function shortcomings({ webAssembly, workers, recent }: Features): string[] {
  const list: string[] = [];
  if (!webAssembly)
    list.push(
      'This browser has no WebAssembly, so networks train on the slow cpu backend. The Neuron room is complete.',
    );
  if (!workers)
    list.push(
      'This browser has no web workers: the Network room trains on the page itself, which may stutter, and the ResNet room does not train.',
    );
  if (!recent) list.push('This browser is older than 2024: hints may not open and colours may be off.');
  return list;
}
