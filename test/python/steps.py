"""NIR's nodes one Euler step at a time in numpy, as nir's own documentation has the equations. Membranes begin at 0."""

import nir
import numpy as np


def pair(value, line=False, beside=0):
    """Down and across; of a line, what it has across."""
    return (beside, int(value)) if line else tuple(int(v) for v in np.broadcast_to(value, 2))


def windows(x, kernel, node, line=False):
    """[C,H,W] to [C,H',W',kh,kw]: what each window sees, zeros around the image."""
    stride = pair(node.stride, line, 1)
    dilation = pair(getattr(node, "dilation", 1), line, 1)
    reach = [d * (k - 1) for k, d in zip(kernel, dilation)]
    if isinstance(node.padding, str):
        around = [(r // 2, r - r // 2) if node.padding == "same" else (0, 0) for r in reach]
    else:
        around = [(p, p) for p in pair(node.padding, line)]
    x = np.pad(x, [(0, 0), *around])
    high, wide = [(length - r - 1) // s + 1 for length, r, s in zip(x.shape[1:], reach, stride)]
    seen = np.zeros((x.shape[0], high, wide, *kernel))
    for i, j in np.ndindex(high, wide):
        down, across = [slice(at * s, at * s + r + 1, d) for at, s, r, d in zip((i, j), stride, reach, dilation)]
        seen[:, i, j] = x[:, down, across]
    return seen


def convolution(node, x):
    line = isinstance(node, nir.Conv1d)
    weight, image = (node.weight[:, :, None], x[:, None]) if line else (node.weight, x)
    seen = windows(image, weight.shape[2:], node, line)
    groups = int(node.groups)
    parts = [np.einsum("oikl,ihwkl->ohw", w, s) for w, s in zip(np.split(weight, groups), np.split(seen, groups))]
    y = np.concatenate(parts) + node.bias[:, None, None]
    return y[:, 0] if line else y


class Neuron:
    """I, IF, LI, LIF, CubaLI, CubaLIF."""

    def __init__(self, node, dt):
        self.node, self.dt = node, dt
        self.v = np.zeros(node.r.shape)
        self.i = np.zeros_like(self.v)

    def __call__(self, x):
        node, dt = self.node, self.dt
        if hasattr(node, "tau_syn"):
            self.i = self.i + dt / node.tau_syn * (node.w_in * x - self.i)
            x = self.i
        tau = getattr(node, "tau", getattr(node, "tau_mem", None))
        self.v = self.v + (dt * node.r * x if tau is None else dt / tau * (node.v_leak - self.v + node.r * x))
        if not hasattr(node, "v_threshold"):
            return self.v
        spikes = (self.v > node.v_threshold).astype(float)
        self.v = np.where(spikes > 0, node.v_reset, self.v)
        return spikes


class Delay:
    def __init__(self, node, dt):
        self.steps, self.past = np.round(node.delay / dt).astype(int), []

    def __call__(self, x):
        self.past.append(x)
        found = np.zeros_like(x)
        for at in np.ndindex(*x.shape):
            before = len(self.past) - 1 - self.steps[at]
            found[at] = self.past[before][at] if before >= 0 else 0
        return found


def stepper(node, dt):
    """A function of one step's input."""
    kind = type(node)
    if kind in (nir.I, nir.IF, nir.LI, nir.LIF, nir.CubaLI, nir.CubaLIF):
        return Neuron(node, dt)
    if kind is nir.Delay:
        return Delay(node, dt)
    if kind in (nir.Conv1d, nir.Conv2d):
        return lambda x: convolution(node, x)
    if kind in (nir.SumPool2d, nir.AvgPool2d):
        fold = np.sum if kind is nir.SumPool2d else np.mean
        return lambda x: fold(windows(x, pair(node.kernel_size), node), axis=(3, 4))
    if kind is nir.Flatten:
        return lambda x: x.reshape(node.output_type["output"])
    if kind is nir.Threshold:
        return lambda x: (x > node.threshold).astype(float)
    if kind is nir.Scale:
        return lambda x: x * node.scale
    return {nir.Affine: lambda x: node.weight @ x + node.bias, nir.Linear: lambda x: node.weight @ x}[kind]
