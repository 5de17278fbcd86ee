# What PyTorch's layers give, forward and backward, for layers.json beside this file: python layers.py. Images and
# weights lie as they do here, [N,H,W,C] and [kh,kw,I,O]; numbers are eighths, so that sums are exact.

import json
import os

import torch
import torch.nn.functional as F

torch.manual_seed(1)


def eighths(*shape):
    return torch.randint(-16, 17, shape, dtype=torch.float64) / 8


def here(t):
    """Channels last, or [kh,kw,I,O]; numbers that JSON has no word for as texts."""
    flat = [x if abs(x) < 1e300 else str(x) for x in t.contiguous().flatten().tolist()]
    return {"shape": list(t.shape), "data": flat}


def image(t):
    return here(t.permute(0, 2, 3, 1))


def weights(t):
    return here(t.permute(2, 3, 1, 0))


def case(name, options, inputs, run):
    """inputs: (key, tensor, layout) of each; what comes out is an image."""
    leaves = [t.clone().requires_grad_() for _, t, _ in inputs]
    y = run(*leaves)
    g = eighths(*y.shape)
    y.backward(g)
    found = {"name": name, "options": options, "y": image(y.detach()), "gradY": image(g)}
    for (key, t, layout), leaf in zip(inputs, leaves):
        found[key] = layout(t)
        found["grad" + key[0].upper() + key[1:]] = layout(leaf.grad)
    return found


def conv(shape, weight, bias=True, **windows):
    inputs = [("x", eighths(*shape), image), ("weight", eighths(*weight), weights)]
    if bias:
        inputs.append(("bias", eighths(weight[0]), here))
    return case("conv2d", windows, inputs, lambda x, w, b=None: F.conv2d(x, w, b, **windows))


def transposed(shape, weight, bias=True, outputPadding=0, **windows):
    inputs = [("x", eighths(*shape), image), ("weight", eighths(*weight), weights)]
    if bias:
        inputs.append(("bias", eighths(weight[1] * windows.get("groups", 1)), here))
    run = lambda x, w, b=None: F.conv_transpose2d(x, w, b, output_padding=outputPadding, **windows)
    return case("convTranspose2d", {"outputPadding": outputPadding, **windows}, inputs, run)


def largest(x, window, ceil=False, **windows):
    run = lambda x: F.max_pool2d(x, window, ceil_mode=ceil, **windows)
    return case("maxPool2d", {"window": window, "ceil": ceil, **windows}, [("x", x, image)], run)


def average(x, window, ceil=False, countIncludePad=True, **windows):
    run = lambda x: F.avg_pool2d(x, window, ceil_mode=ceil, count_include_pad=countIncludePad, **windows)
    options = {"window": window, "ceil": ceil, "countIncludePad": countIncludePad, **windows}
    return case("avgPool2d", options, [("x", x, image)], run)


def batch_norm():
    """Two training steps of a layer, then its evaluation; the last gradient is that of the second step."""
    layer = torch.nn.BatchNorm2d(3).double()
    layer.weight.data, layer.bias.data = eighths(3), eighths(3)
    before = {key: here(t.double()) for key, t in layer.state_dict().items()}
    layer(eighths(2, 3, 2, 4) * 3 + 1)
    first = {key: here(t.double()) for key, t in layer.state_dict().items()}
    x = (eighths(2, 3, 2, 4) * 2 - 1).requires_grad_()
    y = layer(x)
    g = eighths(*y.shape)
    y.backward(g)
    after = {key: here(t.double()) for key, t in layer.state_dict().items()}
    found = {"before": before, "first": first, "after": after, "x": image(x.detach()), "y": image(y.detach())}
    found.update(gradY=image(g), gradX=image(x.grad))
    found.update(gradWeight=here(layer.weight.grad), gradBias=here(layer.bias.grad))
    found["evaluated"] = image(layer.eval()(x).detach())
    return found


spikes = (torch.rand(2, 3, 5, 6) < 0.3).double()
few = torch.randint(-1, 2, (1, 2, 6, 5)).double()
odd = eighths(1, 1, 4, 5)
odd[0, 0, 1, 1] = odd[0, 0, 1, 2] = odd[0, 0, 3, 4] = float("nan")
odd[0, 0, 2:, :2] = float("-inf")
odd[0, 0, 0, 3] = float("inf")

cases = [
    conv((2, 4, 5, 6), (6, 4, 3, 3), padding=1),
    conv((1, 4, 5, 6), (4, 1, 3, 3), padding=1, groups=4),
    conv((2, 4, 7, 6), (8, 1, 3, 3), stride=2, padding=1, groups=4),
    conv((1, 6, 6, 7), (9, 2, 3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2), groups=3),
    conv((2, 3, 7, 7), (2, 3, 3, 3), bias=False, dilation=2, padding=2),
    conv((1, 2, 4, 6), (3, 2, 1, 3), padding=(0, 1)),
    transposed((2, 3, 3, 4), (3, 2, 3, 3), stride=2, padding=1, outputPadding=1),
    transposed((1, 4, 2, 3), (4, 3, 2, 2), bias=False, stride=2),
    transposed((1, 4, 3, 2), (4, 2, 3, 2), stride=(2, 3), padding=(1, 0), dilation=(1, 2), groups=2, outputPadding=(1, 2)),
    largest(eighths(2, 3, 5, 6), 2),
    largest(eighths(1, 2, 5, 7), 2, ceil=True),
    largest(spikes, 3, stride=2, padding=1),
    largest(few, (3, 2), stride=(1, 2), padding=(1, 0), dilation=(2, 1), ceil=True),
    largest(odd, 2, stride=1),
    average(eighths(2, 3, 5, 7), 2),
    average(eighths(1, 2, 5, 7), 3, stride=2, padding=1),
    average(eighths(1, 2, 5, 6), 3, stride=2, padding=1, ceil=True),
    average(eighths(1, 2, 5, 6), (3, 2), stride=(2, 3), padding=(1, 0), ceil=True, countIncludePad=False),
    average(spikes, (2, 3), stride=(2, 1)),
]

where = os.path.join(os.path.dirname(os.path.abspath(__file__)), "layers.json")
with open(where, "w") as file:
    json.dump({"torch": torch.__version__, "cases": cases, "batchNorm": batch_norm()}, file, separators=(",", ":"))
    file.write("\n")
