"""SpikingJelly: IFNode, LIFNode, CUBALIFNode with a hard reset, which its exporter asks for."""

import torch
from networks import ALPHA, BETA, THRESHOLD
from spikingjelly.activation_based import functional, layer, neuron
from spikingjelly.activation_based.nir_exchange import export_to_nir, import_from_nir

from .common import Residual, convolution, first, graph_of, inputs, linear, quietly, raster, stepped, weights

LINE = "import_from_nir(FILE, dt=DT)"
WRITES = "export_to_nir(network, sample)"


def lif(_count):
    return neuron.LIFNode(tau=1 / (1 - BETA), decay_input=False, v_threshold=THRESHOLD)


def build(name):
    w = weights(name)
    if name == "dense":
        return torch.nn.Sequential(linear(w, "fc1"), lif(8), linear(w, "fc2"), lif(5))
    if name == "convolutional":
        one = lambda: neuron.IFNode(v_threshold=THRESHOLD)
        return torch.nn.Sequential(convolution(w), one(), torch.nn.Flatten(), linear(w, "fc"), one())
    if name == "cuba":
        one = lambda: neuron.CUBALIFNode(c_decay=ALPHA, v_decay=BETA, v_threshold=THRESHOLD)
        return torch.nn.Sequential(linear(w, "fc1"), one(), linear(w, "fc2"), one())
    if name == "recurrent":
        back = layer.LinearRecurrentContainer(lif(8), in_features=8, out_features=8, bias=False)
        back.rc.weight.data = torch.cat([torch.eye(8), torch.tensor(w["recurrent.weight"])], dim=1)
        return torch.nn.Sequential(linear(w, "fc1"), back, linear(w, "fc2"), lif(5))
    return Residual(w, lif)


def write(name):
    network = build(name)
    spikes = stepped(network, name)
    functional.reset_net(network)
    return quietly(export_to_nir, network, torch.tensor(inputs(name)[:1])), spikes


def read(path, name, dt):
    model = quietly(import_from_nir, graph_of(path), dt=dt)
    rows, state = [], None
    with torch.no_grad():
        for x in torch.tensor(inputs(name)):
            out, state = model(x[None], state)
            rows.append(first(out).flatten().numpy())
    return raster(rows)
