"""Sinabs: IAF and LIF as they are by default, firing several times in a step and reset by subtraction."""

import math

import sinabs.layers as sl
import sinabs.nir
import torch
from networks import ALPHA, BETA, THRESHOLD

from .common import Residual, convolution, first, graph_of, inputs, linear, quietly, raster, weights

LINE = "sinabs.nir.from_nir(nir.read(FILE), batch_size=1)"
WRITES = "sinabs.nir.to_nir(network, sample)"
TAU = -1 / math.log(BETA)
GAIN = 1 - BETA


def lif(count, layer=sl.LIFSqueeze, **more):
    # by default the input is multiplied by 1 - alpha: a tenth of the threshold is the same neuron in other units
    more = more or {"batch_size": 1}
    return layer(tau_mem=torch.full((count,), TAU), spike_threshold=torch.full((count,), THRESHOLD * GAIN), **more)


def build(name):
    w = weights(name)
    if name == "dense":
        return torch.nn.Sequential(linear(w, "fc1"), lif(8), linear(w, "fc2"), lif(5))
    if name == "convolutional":
        one = lambda: sl.IAFSqueeze(spike_threshold=torch.tensor(THRESHOLD), batch_size=1)
        return torch.nn.Sequential(convolution(w), one(), torch.nn.Flatten(), linear(w, "fc"), one())
    if name == "cuba":
        one = lambda n: lif(n, tau_syn=torch.full((n,), -1 / math.log(ALPHA)), batch_size=1)
        return torch.nn.Sequential(linear(w, "fc1"), one(8), linear(w, "fc2"), one(5))
    if name == "recurrent":
        # there is none that takes batch and time in one axis
        back = lif(8, sl.LIFRecurrent, rec_connect=linear(w, "recurrent"))
        return torch.nn.Sequential(linear(w, "fc1"), back, linear(w, "fc2"), lif(5, sl.LIF, min_v_mem=None))
    return Residual(w, lif)


def run(model, name):
    """Its layers take whole recordings, batch and time in one axis, but for those with feedback."""
    x = torch.tensor(inputs(name))
    with torch.no_grad():
        out = first(model(x[None] if name == "recurrent" else x))
    return raster(out[0] if name == "recurrent" else out)


def write(name):
    x = torch.tensor(inputs(name)[:1])
    return quietly(sinabs.nir.to_nir, build(name), x[None] if name == "recurrent" else x), run(build(name), name)


def read(path, name, dt):
    model = quietly(sinabs.nir.from_nir, graph_of(path), batch_size=1)
    with torch.no_grad():
        return raster(first(model(torch.tensor(inputs(name)))))
