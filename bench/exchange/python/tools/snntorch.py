"""snnTorch: Leaky, Synaptic, RLeaky with their defaults; there is no neuron without a leak."""

import snntorch as snn
import torch
from networks import ALPHA, BETA, THRESHOLD
from snntorch.export_nir import export_to_nir
from snntorch.import_nir import import_from_nir

from .common import Residual, convolution, graph_of, inputs, linear, quietly, stepped, weights

LINE = "import_from_nir(nir.read(FILE))"
WRITES = "export_to_nir(network, sample, ignore_dims=[0])"


def leaky(count):
    return snn.Leaky(beta=torch.full((count,), BETA), threshold=torch.full((count,), THRESHOLD), init_hidden=True)


def build(name):
    w = weights(name)
    if name == "dense":
        return torch.nn.Sequential(linear(w, "fc1"), leaky(8), linear(w, "fc2"), leaky(5))
    if name == "convolutional":
        one = lambda *shape: snn.Leaky(beta=torch.full(shape, BETA), threshold=torch.full(shape, THRESHOLD), init_hidden=True)
        return torch.nn.Sequential(convolution(w), one(4, 3, 3), torch.nn.Flatten(), linear(w, "fc"), one(5))
    if name == "cuba":
        one = lambda n: snn.Synaptic(
            alpha=torch.full((n,), ALPHA), beta=torch.full((n,), BETA), threshold=torch.full((n,), THRESHOLD), init_hidden=True
        )
        return torch.nn.Sequential(linear(w, "fc1"), one(8), linear(w, "fc2"), one(5))
    if name == "recurrent":
        back = snn.RLeaky(
            beta=torch.full((8,), BETA), threshold=torch.full((8,), THRESHOLD), linear_features=8, init_hidden=True
        )
        back.recurrent.weight.data = torch.tensor(w["recurrent.weight"])
        back.recurrent.bias.data.zero_()
        return torch.nn.Sequential(linear(w, "fc1"), back, linear(w, "fc2"), leaky(5))
    return Residual(w, leaky)


def write(name):
    spikes = stepped(build(name), name)
    graph = quietly(export_to_nir, build(name), torch.tensor(inputs(name)[:1]), ignore_dims=[0])
    return graph, spikes


def read(path, name, dt):
    return stepped(quietly(import_from_nir, graph_of(path)), name, state=True)
