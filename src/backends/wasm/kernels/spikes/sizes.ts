// What kernels of spike bits are told of a 3x3 convolution with one pixel of zeros around: images of T planes
// [H][cin/8][W], `bitsPitch` bytes apart, and `cout` filters at stride 1 or 2. No code.

@unmanaged
export class SpikeSizes {
  T: i32;
  H: i32;
  W: i32;
  cin: i32;
  cout: i32;
  stride: i32;
  bitsPitch: usize;
}

/** Forward: bytes from plane to plane of the output, and whether to add to what is there. */
@unmanaged
export class SpikeForward extends SpikeSizes {
  outPitch: usize;
  more: i32;
}

/** Output channels first .. end of it, multiples of 8. */
@unmanaged
export class SpikeForwardPart extends SpikeForward {
  first: i32;
  end: i32;
}

/** The weight gradient of input channels cinFrom .. cinTo; the padded gradient's planes and how many pixels wide. */
@unmanaged
export class SpikeWeights extends SpikeSizes {
  dyPitch: usize;
  PW: i32;
  cinFrom: i32;
  cinTo: i32;
}
