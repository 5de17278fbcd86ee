// "A surrogate" of CONTRIBUTING.md: one period of a cosine.

import { type Edit, inFrontOf } from './edit';

export const surrogate: readonly Edit[] = [
  {
    file: 'src/neurons/surrogates/bell.ts',
    create: `// One period of a cosine, highest at the threshold.

import { finite, type OptionsOf, option, optionTable } from '../../options';
import { type Surrogate, type SurrogateScale, scaleOption, surrogate } from './surrogate';

/** The width of {@link bell}, and its scale. */
export interface BellOptions extends SurrogateScale {
  /** From the threshold to where the slope ends, above 0. Default 1. */
  width?: number;
}

export const bellOptions = optionTable({
  width: option(finite({ above: 0 }), 1),
  ...scaleOption,
} satisfies OptionsOf<BellOptions>);

/** s(u) = (1 + cos(πu/width))/(2·width) where |u| < width, else 0. Integral 1. */
export function bell(options: BellOptions = {}): Surrogate {
  const { width, scale } = bellOptions.read('bell', options);
  return surrogate({
    name: 'bell',
    given: options,
    scale,
    parameters: { width },
    integral: 1,
    value: 'abs(u) < width ? (1 + u/width + sin(pi*u/width)/pi)/2 : u < 0 ? 0 : 1',
    derivative: 'abs(u) < width ? (1 + cos(pi*u/width))/(2*width) : 0',
  });
}
`,
  },
  {
    file: 'src/neurons/surrogates/index.ts',
    replace: [
      inFrontOf(
        "export { type ClippedReciprocalOptions, clippedReciprocal } from './clipped-reciprocal';\n",
        "export { type BellOptions, bell } from './bell';\n",
      ),
    ],
  },
];
