// What is said of PyTorch's files that are not read: what they are, and the line of Python that makes of them one
// that is.

/** A line to paste. */
const line = (code: string) => `in Python: ${code}`;

export const WHOLE_MODULE = line(
  "x = torch.load('FILE', map_location='cpu', weights_only=False); x = x.get('state_dict', x.get('model', x)) if isinstance(x, dict) else x; torch.save(getattr(x, 'state_dict', lambda: x)(), 'weights.pth'), where its classes can be imported",
);

export const TORCHSCRIPT = `the file is a TorchScript archive, a program with its weights; ${line(
  "torch.save(torch.jit.load('FILE', map_location='cpu').state_dict(), 'weights.pth')",
)}`;

export const EXPORTED = `the file is a program of torch.export with its weights; ${line(
  "torch.save(torch.export.load('FILE').state_dict, 'weights.pth')",
)}`;

const OLD_FORM = 'of the form that PyTorch wrote before version 1.6, without a zip archive';

export const BEFORE_1_6 = `the file is ${OLD_FORM}; ${line(
  "torch.save(torch.load('FILE', map_location='cpu', weights_only=True), 'weights.pth')",
)}`;

export const MODULE_BEFORE_1_6 = `the file is a model saved whole, ${OLD_FORM}; ${WHOLE_MODULE}`;

export const TAR = `the file is a tar archive, the form that PyTorch wrote before version 0.2; ${line(
  "torch.save(torch.load('FILE', map_location='cpu', weights_only=False), 'weights.pth')",
)}, with a PyTorch below 2.9 if the newest refuses it`;

export const PLAIN_PICKLE = `the file is a Python pickle that torch.save did not write; ${line(
  "torch.save({k: torch.as_tensor(v) for k, v in pickle.load(open('FILE', 'rb')).items()}, 'weights.pth')",
)}, if it is a dictionary of arrays`;

/** Of a name that no reader of weights needs. */
export function unlisted(name: string): string {
  const ways: readonly [RegExp, string][] = [
    [
      /^torch\._utils\._rebuild_sparse/,
      `sparse tensors are not read; ${line('give tensor.to_dense() in its place')}`,
    ],
    [
      /^torch\._utils\._rebuild_nested/,
      `nested tensors are not read; ${line('give tensor.to_padded_tensor(0) in its place')}`,
    ],
    [
      /^torch\._utils\._rebuild_meta/,
      'a tensor of the device "meta" has no numbers; save the model from a device that has them',
    ],
    [
      /^torch\._utils\._rebuild_q|^torch\.Q|quant/i,
      `quantised tensors are not read; ${line('give tensor.dequantize() in its place')}`,
    ],
    [
      /^torch\.complex/i,
      `complex numbers are not read; ${line('give torch.view_as_real(tensor) in its place')}`,
    ],
    [
      /^torch\.float[48]|^torch\.Float[48]/,
      `floats of 8 and 4 bits are not read; ${line('give tensor.to(torch.float32) in its place')}`,
    ],
  ];
  const way = ways.find(([pattern]) => pattern.test(name))?.[1];
  if (way !== undefined) return `the file names ${name}: ${way}`;
  return `the file names ${name}, which is no part of a dictionary of tensors, and is not executed here; a model saved whole, or what a script saved beside its weights, has such names: ${WHOLE_MODULE}`;
}
