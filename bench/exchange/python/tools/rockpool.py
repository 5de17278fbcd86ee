"""Rockpool: LIFTorch and LIFNeuronTorch, firing several times in a step and reset by subtraction."""

import math

import torch
from networks import ALPHA, BETA, THRESHOLD
from rockpool.nn.combinators import Sequential
from rockpool.nn.modules.torch import LIFNeuronTorch, LIFTorch, LinearTorch
from rockpool.nn.modules.torch.nir import from_nir, to_nir

from .common import first, graph_of, inputs, quietly, raster, weights

LINE = "from_nir(nir.read(FILE))"
WRITES = "to_nir(network)"
DT = 1e-3
TAU, TAU_SYN = -DT / math.log(BETA), -DT / math.log(ALPHA)


def dense(w, name):
    weight, bias = w[f"{name}.weight"], w[f"{name}.bias"]
    return LinearTorch(
        (weight.shape[1], weight.shape[0]), weight=torch.tensor(weight.T.copy()), bias=torch.tensor(bias), has_bias=True
    )


def lif(count):
    return LIFNeuronTorch(count, tau_mem=torch.full((count,), TAU), threshold=torch.full((count,), THRESHOLD), dt=DT)


def cuba(count, **more):
    # a current leaks before it is taken: 1/0.8 of the threshold would be the same neuron in other units
    return LIFTorch(
        count,
        tau_mem=torch.full((count,), TAU),
        tau_syn=torch.full((count, 1), TAU_SYN),
        threshold=torch.full((count,), THRESHOLD),
        dt=DT,
        **more,
    )


def build(name):
    w = weights(name)
    if name == "dense":
        return Sequential(dense(w, "fc1"), lif(8), dense(w, "fc2"), lif(5))
    if name == "cuba":
        return Sequential(dense(w, "fc1"), cuba(8), dense(w, "fc2"), cuba(5))
    if name == "recurrent":
        back = cuba(8, has_rec=True, w_rec=torch.tensor(w["recurrent.weight"].T.copy()) / 8)
        return Sequential(dense(w, "fc1"), back, dense(w, "fc2"), cuba(5))
    raise NotImplementedError(
        "it has no convolution" if name == "convolutional" else "a residual network is built by a combinator that nirtorch does not follow"
    )


def run(model, name):
    with torch.no_grad():
        return raster(first(model(torch.tensor(inputs(name))[None]))[0])


def write(name):
    spikes = run(build(name), name)
    return quietly(to_nir, build(name)), spikes


def read(path, name, dt):
    return run(quietly(from_nir, graph_of(path)), name)
