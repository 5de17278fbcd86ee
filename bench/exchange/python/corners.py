"""Networks that the five of the matrix are not: other shapes, groups, pools, read-outs, membranes that begin or rest elsewhere,
decays that were trained beyond 1, feedback of other kinds. Each tool writes its own and gives what it computes:
python corners.py FOLDER writes FOLDER/corner-TOOL-NAME.nir and FOLDER/corners.json."""

import json
import logging
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
sys.modules["samna"] = None
import jax.numpy as jnp
import nir
import norse.torch as norse
import numpy as np
import sinabs.layers as sl
import sinabs.nir
import snntorch as snn
import spyx.nir
import spyx.nn as spn
import torch
from flax import nnx
from norse.torch.utils.export_nir import to_nir as norse_to_nir
from rockpool.nn.combinators import Sequential as RockpoolSequential
from rockpool.nn.modules.torch import LIFNeuronTorch, LIFTorch, LinearTorch
from rockpool.nn.modules.torch.nir import to_nir as rockpool_to_nir
from snntorch.export_nir import export_to_nir as snntorch_to_nir
from spikingjelly.activation_based import functional, neuron as sj
from spikingjelly.activation_based.nir_exchange import export_to_nir as spikingjelly_to_nir
from tools.common import first, quietly
from torch import nn

folder = Path(sys.argv[1])
STEPS = 24
full = lambda value, *shape: torch.full(shape, float(value))


def inputs(*shape):
    return (np.random.RandomState(1).uniform(size=(STEPS, *shape)) < 0.4).astype(np.float32)


def drawn(layer, gain=1.0, seed=3):
    random = np.random.RandomState(seed)
    draw = lambda like, mean, deviation: torch.tensor(random.normal(mean, deviation, tuple(like.shape)).astype(np.float32))
    layer.weight.data = draw(layer.weight, 0.15 * gain, gain)
    if layer.bias is not None:
        layer.bias.data = draw(layer.bias, 0, 0.05)
    return layer


linear = lambda inputs, outputs, gain=1.0, **more: drawn(nn.Linear(inputs, outputs, **more), gain)
conv = lambda *sizes, gain=0.4, **more: drawn(nn.Conv2d(*sizes, **more), gain)


def snntorch_(*layers):
    leaky = lambda beta, *shape: snn.Leaky(beta=full(beta, *shape), threshold=full(1, *shape), init_hidden=True)
    return nn.Sequential(*[leaky(*layer) if isinstance(layer, tuple) else layer for layer in layers])


def back(layer, gain, bias=False):
    drawn(layer.recurrent, gain, 9)
    if not bias:
        layer.recurrent.bias.data.zero_()
    return layer


box = lambda n, leak, threshold=0.3: norse.LIFBoxCell(
    norse.LIFBoxParameters(tau_mem_inv=full(200, n), v_leak=full(leak, n), v_th=full(threshold, n)))
iaf = lambda threshold=1.0: sl.IAFSqueeze(batch_size=1, spike_threshold=torch.tensor(threshold))
rngs = lambda: nnx.Rngs(0)


def dense(inputs, outputs, gain=1.0):
    layer, random = nnx.Linear(inputs, outputs, rngs=rngs()), np.random.RandomState(3)
    layer.kernel[...] = jnp.array(random.normal(0.15 * gain, gain, (inputs, outputs)).astype(np.float32))
    return layer


def image(inputs, outputs):
    layer = nnx.Conv(inputs, outputs, (3, 3), padding="SAME", rngs=rngs())
    layer.kernel[...] = jnp.array(np.random.RandomState(5).normal(0.06, 0.4, layer.kernel.shape).astype(np.float32))
    return layer


def fed_back(layer, gain=0.4):
    layer.recurrent_w[...] = jnp.array(np.random.RandomState(8).normal(0, gain, layer.recurrent_w.shape).astype(np.float32))
    return layer


def rockpool_linear(inputs, outputs):
    weight = np.random.RandomState(3).normal(0.15, 1, (inputs, outputs)).astype(np.float32)
    return LinearTorch((inputs, outputs), weight=torch.tensor(weight), has_bias=False)


NETWORKS = {
    "snntorch": {
        "decays beyond 1": ((6,), lambda: snntorch_(
            linear(6, 8), snn.Leaky(beta=torch.linspace(0.7, 1.3, 8), threshold=full(1, 8), init_hidden=True), linear(8, 5), (0, 5))),
        "groups, average pool": ((2, 8, 8), lambda: snntorch_(
            conv(2, 4, 3, padding=1, bias=False), (0.9, 4, 8, 8), nn.AvgPool2d(2),
            conv(4, 6, 3, stride=(2, 1), padding=(1, 0), groups=2, gain=0.6), (0.5, 6, 2, 2), nn.Flatten(), linear(24, 5, 0.6), (0.9, 5))),
        "RLeaky of a vector": ((6,), lambda: snntorch_(
            linear(6, 8), snn.RLeaky(beta=0.8, V=torch.linspace(-1, 1, 8), all_to_all=False, init_hidden=True), linear(8, 5), (0.9, 5))),
        "RLeaky with a bias": ((6,), lambda: snntorch_(
            linear(6, 8), back(snn.RLeaky(beta=0.8, linear_features=8, init_hidden=True), 0.5, True), linear(8, 5, 2), (0.9, 5))),
        "RSynaptic": ((6,), lambda: snntorch_(
            linear(6, 8), back(snn.RSynaptic(alpha=0.7, beta=0.8, linear_features=8, init_hidden=True), 0.3), linear(8, 5, 2), (0.9, 5))),
    },
    "spikingjelly": {
        "v_reset": ((6,), lambda: nn.Sequential(
            linear(6, 8, 3), sj.LIFNode(tau=4.0, v_reset=-0.5, v_threshold=0.7), linear(8, 5, 2), sj.LIFNode(v_reset=-0.2, decay_input=False))),
        "currents with v_reset": ((6,), lambda: nn.Sequential(
            linear(6, 8), sj.CUBALIFNode(v_reset=-0.3), linear(8, 5), sj.CUBALIFNode(c_decay=0.2, v_decay=0.9, v_threshold=0.6))),
        "same, even": ((2, 8, 8), lambda: nn.Sequential(
            conv(2, 4, (2, 4), padding="same"), sj.IFNode(), nn.Flatten(), linear(256, 5, 0.2), sj.IFNode())),
        "Conv1d": ((2, 10), lambda: nn.Sequential(
            drawn(nn.Conv1d(2, 4, 3, stride=2, padding=1), 0.4), sj.IFNode(), drawn(nn.Conv1d(4, 4, 3, padding="same", dilation=2), 0.4),
            sj.IFNode(), nn.Flatten(), linear(20, 5), sj.IFNode())),
    },
    "norse": {
        "v_leak": ((6,), lambda: norse.SequentialState(linear(6, 8, 2), box(8, 0.1), linear(8, 5, 2), box(5, -0.2))),
        "a read-out": ((6,), lambda: norse.SequentialState(
            linear(6, 8), box(8, 0), linear(8, 5), norse.LIBoxCell(norse.LIBoxParameters(tau_mem_inv=full(300, 5), v_leak=full(0.25, 5))))),
    },
    "sinabs": {
        "groups, sum pools": ((2, 8, 8), lambda: nn.Sequential(
            conv(2, 4, 3, padding=1, bias=False), iaf(), sl.SumPool2d(2), conv(4, 6, 3, groups=2, gain=0.2), iaf(1.3), sl.SumPool2d((2, 1)),
            nn.Flatten(), linear(12, 5, 0.3), iaf())),
        "a read-out": ((6,), lambda: nn.Sequential(
            linear(6, 8, 3), sl.LIFSqueeze(tau_mem=torch.linspace(2, 30, 8), spike_threshold=torch.linspace(0.2, 0.9, 8), batch_size=1),
            linear(8, 5), sl.ExpLeakSqueeze(tau_mem=full(7, 5), batch_size=1))),
    },
    "rockpool": {
        "defaults": ((6,), lambda: RockpoolSequential(rockpool_linear(6, 8), LIFTorch(8, dt=1e-3), rockpool_linear(8, 5), LIFNeuronTorch(5, dt=1e-3))),
    },
    "spyx": {
        "RIF": ((6,), lambda: spn.Sequential(dense(6, 8), fed_back(spn.RIF((8,), rngs=rngs())), dense(8, 5), spn.IF((5,)))),
        "RCuBaLIF": ((6,), lambda: spn.Sequential(
            dense(6, 8, 0.4), fed_back(spn.RCuBaLIF((8,), alpha=0.6, beta=0.8, rngs=rngs()), 0.2), dense(8, 5),
            fed_back(spn.RLIF((5,), threshold=0.6, rngs=rngs())))),
        "PSU_LIF": ((6,), lambda: spn.Sequential(dense(6, 8), spn.PSU_LIF((8,), beta=0.8, rngs=rngs()), dense(8, 5), spn.LIF((5,), rngs=rngs()))),
        "images": ((2, 5, 5), lambda: spn.Sequential(
            image(2, 4), spn.IF((5, 5, 4)), spn.SumPool(2, 2, "SAME"), spn.Flatten(), dense(36, 5, 0.4), spn.LIF((5,), beta=0.9, rngs=rngs()))),
    },
}


def stepped(model, x, state):
    rows, memory = [], None
    with torch.no_grad():
        for now in torch.tensor(x)[:, None]:
            out = model(now) if memory is None else model(now, memory)
            memory = out[1] if state else None
            rows.append(first(out).flatten().numpy())
    return rows


def written(tool, build, x):
    """The graph and what the network computes, a row a step."""
    sample = torch.tensor(x[:1])
    if tool == "snntorch":
        return quietly(snntorch_to_nir, build(), sample, ignore_dims=[0]), stepped(build(), x, False)
    if tool == "spikingjelly":
        return quietly(spikingjelly_to_nir, build(), sample), stepped(build(), x, False)
    if tool == "norse":
        return quietly(norse_to_nir, build(), sample[0]), stepped(build(), x, True)
    if tool == "sinabs":
        with torch.no_grad():
            return quietly(sinabs.nir.to_nir, build(), sample), first(build()(torch.tensor(x))).reshape(STEPS, -1).numpy()
    if tool == "rockpool":
        with torch.no_grad():
            return quietly(rockpool_to_nir, build()), first(build()(torch.tensor(x)[None]))[0].numpy()
    network, last = build(), x if x.ndim == 2 else x.transpose(0, 2, 3, 1)
    outputs, _ = spn.run(network, jnp.array(last)[:, None])
    shapes = {"input": np.array(x.shape[1:])}, {"output": np.array(outputs.shape[2:])}
    return quietly(spyx.nir.to_nir, network, *shapes), np.asarray(outputs)[:, 0]


rows = []
for tool, networks in NETWORKS.items():
    for name, (shape, build) in networks.items():
        x = inputs(*shape)
        graph, values = written(tool, build, x)
        file = f"corner-{tool}-{name.replace(' ', '_').replace(',', '')}"
        try:
            nir.write(folder / f"{file}.nir", graph)
        except Exception:  # shapes that the tool leaves out and nir infers
            graph.infer_types()
            nir.write(folder / f"{file}.nir", graph)
        values = np.array(values, dtype=np.float64).reshape(STEPS, -1)
        rows.append({"tool": tool, "name": name, "file": file, "input": x.tolist(), "values": values.tolist()})
(folder / "corners.json").write_text(json.dumps(rows))
