// The policy that AutoAugment found on CIFAR-10 (Cubuk et al., "AutoAugment: Learning Augmentation Policies from Data",
// CVPR 2019, appendix): 25 sub-policies of two operations each, and what a magnitude of 0 to 9 means. A table; the
// operations are in tone.ts, enhance.ts and geometry.ts.
//
// Compared entry for entry with torchvision's AutoAugmentPolicy.CIFAR10 and DeepVoltaire's CIFAR10Policy; the first,
// second, third and fifth block of five also stand in the authors' research/autoaugment/policies.py. The copies in
// Guo et al.'s repositories (Re-Loss, Joint-A-SNN) have 0.8 in the place of 0.6 for the second `equalize` of
// the 17th row.

export const OPERATIONS = [
  'shearX',
  'shearY',
  'translateX',
  'translateY',
  'rotate',
  'autocontrast',
  'invert',
  'equalize',
  'solarize',
  'posterize',
  'contrast',
  'color',
  'brightness',
  'sharpness',
] as const;
export type OperationName = (typeof OPERATIONS)[number];

/** Two operations, one after the other, each with its probability and its magnitude as one of ten levels, 0 to 9. */
export type SubPolicy = readonly [
  first: OperationName,
  probability: number,
  level: number,
  second: OperationName,
  probability: number,
  level: number,
];

// Operations without a magnitude have a level in the paper's table all the same; it is kept.
export const CIFAR10_POLICY: readonly SubPolicy[] = [
  ['invert', 0.1, 7, 'contrast', 0.2, 6],
  ['rotate', 0.7, 2, 'translateX', 0.3, 9],
  ['sharpness', 0.8, 1, 'sharpness', 0.9, 3],
  ['shearY', 0.5, 8, 'translateY', 0.7, 9],
  ['autocontrast', 0.5, 8, 'equalize', 0.9, 2],

  ['shearY', 0.2, 7, 'posterize', 0.3, 7],
  ['color', 0.4, 3, 'brightness', 0.6, 7],
  ['sharpness', 0.3, 9, 'brightness', 0.7, 9],
  ['equalize', 0.6, 5, 'equalize', 0.5, 1],
  ['contrast', 0.6, 7, 'sharpness', 0.6, 5],

  ['color', 0.7, 7, 'translateX', 0.5, 8],
  ['equalize', 0.3, 7, 'autocontrast', 0.4, 8],
  ['translateY', 0.4, 3, 'sharpness', 0.2, 6],
  ['brightness', 0.9, 6, 'color', 0.2, 8],
  ['solarize', 0.5, 2, 'invert', 0, 3],

  ['equalize', 0.2, 0, 'autocontrast', 0.6, 0],
  ['equalize', 0.2, 8, 'equalize', 0.6, 4],
  ['color', 0.9, 9, 'equalize', 0.6, 6],
  ['autocontrast', 0.8, 4, 'solarize', 0.2, 8],
  ['brightness', 0.1, 3, 'color', 0.7, 0],

  ['solarize', 0.4, 5, 'autocontrast', 0.9, 3],
  ['translateY', 0.9, 9, 'translateY', 0.7, 9],
  ['autocontrast', 0.9, 2, 'solarize', 0.8, 3],
  ['equalize', 0.8, 8, 'invert', 0.1, 3],
  ['translateY', 0.7, 9, 'autocontrast', 0.9, 1],
];

/**
 * Those whose magnitude is taken as plus or minus, half of the time each. The paper's ranges, its code and torchvision
 * turn both ways; DeepVoltaire's `rotate` (and so Guo et al.'s) only counter-clockwise.
 */
export const SIGNED: ReadonlySet<OperationName> = new Set<OperationName>([
  'shearX',
  'shearY',
  'translateX',
  'translateY',
  'rotate',
  'contrast',
  'color',
  'brightness',
  'sharpness',
]);

/**
 * What a level of 0 to 9 means, evenly spaced as in the paper's search space:
 * shear 0..0.3; translate 0..150/331 of the side (150 pixels of ImageNet's 331, as DeepVoltaire and torchvision scale
 * it; the authors' own CIFAR code moves by one pixel a level); rotate 0..30 degrees; colour, contrast, brightness
 * and sharpness 0..0.9, the distance of their factor from 1, so that it lies in the paper's 0.1..1.9; posterize 8..4
 * bits, rounded; solarize a threshold of 256..0. 0 for the operations that have no magnitude.
 */
export function magnitudeOf(operation: OperationName, level: number): number {
  const share = level / 9;
  switch (operation) {
    case 'shearX':
    case 'shearY':
      return 0.3 * share;
    case 'translateX':
    case 'translateY':
      return (150 / 331) * share;
    case 'rotate':
      return 30 * share;
    case 'contrast':
    case 'color':
    case 'brightness':
    case 'sharpness':
      return 0.9 * share;
    case 'posterize':
      return Math.round(8 - 4 * share);
    case 'solarize':
      return 256 * (1 - share);
    case 'autocontrast':
    case 'invert':
    case 'equalize':
      return 0;
  }
}
