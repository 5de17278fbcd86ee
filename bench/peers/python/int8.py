"""PyTorch's int8 convolutions in a network of spikes, for inference: 8-bit weights with a scale for each filter, spikes and
images in 8 bits, sums in 32 that leave in 8. Norms and neurons stay in floats, which is what their equations need."""

import torch
from torch import nn


class Int8Conv(nn.Module):
    """A convolution whose numbers are those that `conv` met on `seen` inputs."""

    def __init__(self, conv, seen, made):
        super().__init__()
        self.size, self.zero, self.out = of_range(seen), zero_of(seen), of_range(made)
        self.out_zero = zero_of(made)
        weight = conv.weight.detach().contiguous()
        scales = weight.abs().amax((1, 2, 3)).clamp(min=1e-8) / 127
        zeros = torch.zeros(len(scales), dtype=torch.long)
        packed = torch.quantize_per_channel(weight, scales.double(), zeros, 0, torch.qint8)
        self.packed = torch.ops.quantized.conv2d_prepack(
            packed, conv.bias, list(conv.stride), list(conv.padding), list(conv.dilation), conv.groups
        )

    def forward(self, x):
        bytes_ = torch.quantize_per_tensor(x, self.size, self.zero, torch.quint8)
        return torch.ops.quantized.conv2d(bytes_, self.packed, self.out, self.out_zero).dequantize()


def of_range(x):
    low, high = min(0.0, float(x.min())), max(0.0, float(x.max()))
    return max(1e-8, (high - low) / 255)


def zero_of(x):
    return round(-min(0.0, float(x.min())) / of_range(x))


def quantise(network, images):
    """Puts one in the place of each convolution, its ranges those that it has on `images`."""
    met = {}

    def keep(module, inputs, output):
        met[module] = (inputs[0], output)

    convs = [module for module in network.modules() if isinstance(module, nn.Conv2d)]
    hooks = [module.register_forward_hook(keep) for module in convs]
    with torch.no_grad():
        network(images)
    for hook in hooks:
        hook.remove()
    for parent in list(network.modules()):
        for name, child in list(parent.named_children()):
            if child in met:
                setattr(parent, name, Int8Conv(child, *met[child]))
