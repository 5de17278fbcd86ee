// What Winograd's kernels are told of a 3x3 convolution with one pixel of zeros around: T planes of H x W pixels on the
// input's side, `cin` channels there and `cout` on the other. No code.

@unmanaged
export class LayerSizes {
  T: i32;
  H: i32;
  W: i32;
  cin: i32;
  cout: i32;
}

/** At stride 2: pixels of the output. */
@unmanaged
export class StridedSizes extends LayerSizes {
  OH: i32;
  OW: i32;
}

/** Input channels first .. end, multiples of 8. */
@unmanaged
export class LayerPart extends LayerSizes {
  first: i32;
  end: i32;
}

/** Where products go when they are transformed back: M [36][tiles][N], and pixels of an image. Behind the record. */
@unmanaged
export class TilesOut {
  mPlane: usize;
  N: i32;
  pixel: usize;
  outRow: usize;
}
