# What PyTorch's cross-entropy gives with its options, TET's and SpikingJelly's losses by their formulas, and snnTorch's
# of membranes and rates, for losses.json beside this file: python losses.py.

import json
import os

import snntorch.functional as SF
import torch
import torch.nn.functional as F

torch.manual_seed(1)
torch.set_default_dtype(torch.float64)

logits, labels = torch.randn(5, 4), torch.tensor([3, 0, 1, 1, 2])
some = torch.tensor([3, -1, 1, -1, 2])
weights = torch.tensor([0.5, 2.0, 0.0, 1.25])
outputs = torch.randn(3, 5, 4)
spikes = (torch.rand(3, 5, 4) < 0.5).double()


def case(name, options, x, y, loss):
    x = x.clone().requires_grad_()
    value = loss(x, y)
    value.sum().backward()
    return {
        "name": name,
        "options": options,
        "shape": list(x.shape),
        "x": x.detach().flatten().tolist(),
        "labels": y.tolist(),
        "loss": value.detach().flatten().tolist(),
        "gradient": x.grad.flatten().tolist(),
    }


def entropy(labelSmoothing=0.0, classWeights=None, ignoreIndex=None, reduction="mean"):
    options = {"labelSmoothing": labelSmoothing, "reduction": reduction}
    if classWeights is not None:
        options["classWeights"] = classWeights.tolist()
    if ignoreIndex is not None:
        options["ignoreIndex"] = ignoreIndex
    kwargs = dict(weight=classWeights, label_smoothing=labelSmoothing, reduction=reduction)
    if ignoreIndex is not None:
        kwargs["ignore_index"] = ignoreIndex
    y = labels if ignoreIndex is None else some
    return case("crossEntropy", options, logits, y, lambda x, y: F.cross_entropy(x, y, **kwargs))


def tet(x, y, lamb=1e-3, means=1.0, smoothing=0.0):
    """github.com/brain-intelligence-lab/temporal_efficient_training, functions.py, by its formula."""
    each = sum(F.cross_entropy(step, y, label_smoothing=smoothing) for step in x) / len(x)
    return (1 - lamb) * each + lamb * F.mse_loss(x, torch.full_like(x, means))


def rates(x, y):
    return F.mse_loss(x.mean(0), F.one_hot(y, 4).double())


def bounded(x, low, high):
    """max(0, low - r)² + max(0, r - high)² of the mean r."""
    return F.relu(low - x.mean()) ** 2 + F.relu(x.mean() - high) ** 2


def maxima(**options):
    # snnTorch casts to f32 within: its loss is told, its formula gives the gradient
    loss = SF.ce_max_membrane_loss()(outputs.float(), labels)
    value = lambda x, y: F.cross_entropy(x.max(0)[0], y, **options)
    if not options:
        assert abs(loss.item() - value(outputs, labels).item()) < 1e-6
    return value


cases = [
    entropy(),
    entropy(labelSmoothing=0.1),
    entropy(classWeights=weights),
    entropy(labelSmoothing=0.2, classWeights=weights, reduction="sum"),
    entropy(ignoreIndex=-1),
    entropy(labelSmoothing=0.1, classWeights=weights, ignoreIndex=-1),
    entropy(ignoreIndex=-1, reduction="none"),
    entropy(reduction="sum"),
    case("tetLoss", {}, outputs, labels, tet),
    case("tetLoss", {"lambda": 0.05, "target": 0.5, "labelSmoothing": 0.1}, outputs, labels, lambda x, y: tet(x, y, 0.05, 0.5, 0.1)),
    case("rateMse", {}, outputs, labels, rates),
    case("maxMembraneLoss", {}, outputs, labels, maxima()),
    case("maxMembraneLoss", {"labelSmoothing": 0.1}, outputs, labels, maxima(label_smoothing=0.1)),
    case("rateBounds", {"low": 0.1, "high": 0.3}, spikes, labels, lambda x, y: bounded(x, 0.1, 0.3)),
    case("rateBounds", {"low": 0.8}, spikes, labels, lambda x, y: bounded(x, 0.8, 1)),
    case("rateBounds", {"low": 0.1, "high": 0.9}, spikes, labels, lambda x, y: bounded(x, 0.1, 0.9)),
]

where = os.path.join(os.path.dirname(os.path.abspath(__file__)), "losses.json")
with open(where, "w") as file:
    json.dump({"torch": torch.__version__, "cases": cases}, file, separators=(",", ":"))
    file.write("\n")
