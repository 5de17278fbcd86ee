// What the two variants of the spiking ResNet20 consist of, and how many numbers that is: told without building
// anything.

/** `small` has the widths of He et al. (16, 32, 64), `wide` those of Rathi & Roy (64 to 512). */
export type ResNetVariant = 'small' | 'wide';

/** What the two variants differ in. */
export const variants = {
  small: { width: 16, stem: 1, pool: 1, stages: [1, 2, 4], blocks: 3 },
  wide: { width: 64, stem: 3, pool: 2, stages: [1, 2, 4, 8], blocks: 2 },
} as const;

/** Numbers of a convolution of k×k without bias and of the normalisation behind it. */
const layer = (k: number, cin: number, cout: number) => k * k * cin * cout + 4 * cout;

/** All parameters and running statistics of a network. */
export function numbersOfResNet20(of: {
  readonly variant: ResNetVariant;
  readonly width: number;
  readonly channels: number;
  readonly classes: number;
}): number {
  const { width, channels, classes } = of;
  const { stem, stages, blocks } = variants[of.variant];
  let sum = layer(3, channels, width) + (stem - 1) * layer(3, width, width);
  let cin = width;
  for (const factor of stages) {
    const cout = factor * width;
    sum += layer(3, cin, cout) + (2 * blocks - 1) * layer(3, cout, cout);
    if (cin !== cout) sum += layer(1, cin, cout);
    cin = cout;
  }
  return sum + cin * classes + classes;
}
