// Mean and standard deviation of the pixels, from 0 to 1, of the data sets that the library reads or draws: per
// channel, over all pixels of the training images.

import type { Dataset } from './dataset';

/**
 * CIFAR: the figures in common use, to four digits; they are not in Krizhevsky's report, and a test recomputes
 * CIFAR-10's from the training set. MNIST: as in PyTorch's example; a test recomputes them; Fashion-MNIST: the
 * figures in common use. The drawn shapes: measured on 10,000 images of seed 1, to three digits.
 */
export const NORMALISATION = {
  cifar10: { mean: [0.4914, 0.4822, 0.4465], deviation: [0.247, 0.2435, 0.2616] },
  cifar100: { mean: [0.5071, 0.4867, 0.4408], deviation: [0.2675, 0.2565, 0.2761] },
  mnist: { mean: [0.1307], deviation: [0.3081] },
  'fashion-mnist': { mean: [0.286], deviation: [0.353] },
  /** Pictures of one's own: the same for training and test images, whatever they are; spread to each channel. */
  images: { mean: [0.5], deviation: [0.25] },
  shapes: { mean: [0.5, 0.5, 0.5], deviation: [0.264, 0.264, 0.264] },
} as const satisfies Readonly<Record<string, Pick<Dataset, 'mean' | 'deviation'>>>;
