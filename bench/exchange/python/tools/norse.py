"""Norse: LIFBoxCell, IAFCell, LIFCell. Its neurons multiply what they are fed by dt/tau = 0.1, so that they are given a tenth
of the threshold: the same neuron in other units."""

import norse.torch as norse
import torch
from networks import ALPHA, BETA, THRESHOLD
from norse.torch.utils.export_nir import to_nir

from .common import Residual, convolution, graph_of, inputs, linear, quietly, stepped, weights

LINE = "norse.torch.from_nir(nir.read(FILE), dt=DT)"
WRITES = "to_nir(network, sample)"  # a sample without a batch: it is not left out
DT = 1e-3
GAIN = 1 - BETA


def lif(count):
    return norse.LIFBoxCell(
        norse.LIFBoxParameters(
            tau_mem_inv=torch.full((count,), (1 - BETA) / DT),
            v_th=torch.full((count,), THRESHOLD * GAIN),
            v_leak=torch.zeros(count),
        )
    )


def build(name):
    w = weights(name)
    if name == "dense":
        return norse.SequentialState(linear(w, "fc1"), lif(8), linear(w, "fc2"), lif(5))
    if name == "convolutional":
        one = lambda *shape: norse.IAFCell(norse.IAFParameters(v_th=torch.full(shape, THRESHOLD)))
        return norse.SequentialState(convolution(w), one(4, 3, 3), torch.nn.Flatten(-3), linear(w, "fc"), one(5))
    if name == "cuba":
        one = lambda n: norse.LIFCell(
            norse.LIFParameters(
                tau_syn_inv=torch.full((n,), (1 - ALPHA) / DT),
                tau_mem_inv=torch.full((n,), (1 - BETA) / DT),
                v_th=torch.full((n,), THRESHOLD * GAIN),
                v_leak=torch.zeros(n),
            )
        )
        return norse.SequentialState(linear(w, "fc1"), one(8), linear(w, "fc2"), one(5))
    if name == "recurrent":
        back = norse.RecurrentSequential(lif(8), linear(w, "recurrent"), output_modules=0)
        return norse.SequentialState(linear(w, "fc1"), back, linear(w, "fc2"), lif(5))
    return Residual(w, lif)


def write(name):
    if name == "residual":
        raise NotImplementedError("its cells give a state with their spikes, which a module of one's own cannot hand on to nirtorch")
    spikes = stepped(build(name), name, state=True)
    return quietly(to_nir, build(name), torch.tensor(inputs(name)[0])), spikes


def read(path, name, dt):
    return stepped(quietly(norse.from_nir, graph_of(path), dt=dt), name, state=True)
