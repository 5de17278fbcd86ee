"""The five networks that every tool builds, by the same numbers: weights in PyTorch's layouts, membranes that keep 0.9 of
themselves in a step (currents 0.8), a threshold of 1; and the inputs that all are fed."""

import numpy as np

BETA, ALPHA, THRESHOLD, STEPS = 0.9, 0.8, 1.0, 24
NETWORKS = ("dense", "convolutional", "cuba", "recurrent", "residual")


def _draw(seed, shape, deviation, mean=0.0):
    return np.random.RandomState(seed).normal(mean, deviation, shape).astype(np.float32)


def weights(name):
    """Tensors by name; `bias` of each layer too, so that no tool has to make one up."""
    if name == "convolutional":
        return {
            "conv.weight": _draw(1, (4, 2, 3, 3), 0.35, 0.06),
            "conv.bias": _draw(2, (4,), 0.1),
            "fc.weight": _draw(3, (5, 36), 0.35, 0.05),
            "fc.bias": _draw(4, (5,), 0.1),
        }
    hidden = 8
    gain = 0.45 if name == "cuba" else 1.0
    found = {
        "fc1.weight": _draw(11, (hidden, 6), 0.45 * gain, 0.12 * gain),
        "fc1.bias": _draw(12, (hidden,), 0.05),
        "fc2.weight": _draw(13, (5, hidden), 0.5 * gain, 0.15 * gain),
        "fc2.bias": _draw(14, (5,), 0.05),
    }
    if name == "recurrent":
        found["recurrent.weight"] = _draw(15, (hidden, hidden), 0.4)
    if name == "residual":
        found["inner.weight"] = _draw(16, (hidden, hidden), 0.4)
        found["inner.bias"] = _draw(17, (hidden,), 0.05)
    return found


def inputs(name):
    """[T, …] of one sample, channels first; spikes."""
    shape = (STEPS, 2, 6, 6) if name == "convolutional" else (STEPS, 6)
    return (np.random.RandomState(7).uniform(size=shape) < 0.4).astype(np.float32)
