// What is said of PyTorch's files that are not read: what they are, and the line of Python that makes of them one that is.

/** A line to paste. */
const line = (code: string) => `in Python: ${code}`;

export const WHOLE_MODULE = line(
  "model = torch.load('FILE', map_location='cpu', weights_only=False); torch.save(model.state_dict(), 'weights.pth'), where the classes of the model can be imported",
);

export const TORCHSCRIPT = `the file is a TorchScript archive, a program with its weights; ${line(
  "torch.save(torch.jit.load('FILE', map_location='cpu').state_dict(), 'weights.pth')",
)}`;

export const BEFORE_1_6 = `the file is of the form that PyTorch wrote before version 1.6, without a zip archive; ${line(
  "torch.save(torch.load('FILE', map_location='cpu', weights_only=True), 'weights.pth')",
)}`;

export const TAR = `the file is a tar archive, the form that PyTorch wrote before version 0.2; ${line(
  "torch.save(torch.load('FILE', map_location='cpu', weights_only=False), 'weights.pth')",
)}, with a PyTorch below 2.9 if the newest refuses it`;

export const PLAIN_PICKLE = `the file is a Python pickle that torch.save did not write; ${line(
  "torch.save({k: torch.as_tensor(v) for k, v in pickle.load(open('FILE', 'rb')).items()}, 'weights.pth')",
)}, if it is a dictionary of arrays`;

/** Of a name that no reader of weights needs. */
export function unlisted(name: string): string {
  const ways: readonly [RegExp, string][] = [
    [/^torch\._utils\._rebuild_(sparse|meta|nested)/, line('give tensor.to_dense() in its place')],
    [/^torch\._utils\._rebuild_q|quant/i, line('give tensor.dequantize() in its place')],
    [
      /^torch\.(Float8|float8|Complex|complex|Q|BCOMPLEX)/,
      line('give tensor.to(torch.float32) in its place'),
    ],
  ];
  const way = ways.find(([pattern]) => pattern.test(name))?.[1];
  return `the file names ${name}, which is no part of a dictionary of tensors, and is not executed here; ${
    way ?? `a model saved whole has such names: ${WHOLE_MODULE}`
  }`;
}
