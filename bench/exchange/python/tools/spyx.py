"""Spyx, on JAX: IF, LIF, CuBaLIF, RLIF, whose spikes come a step after their membranes."""

import jax.numpy as jnp
import numpy as np
import spyx.nir
import spyx.nn as snn
from flax import nnx
from networks import ALPHA, BETA, THRESHOLD, inputs, weights

from .common import graph_of, quietly, raster

LINE = "spyx.nir.from_nir(nir.read(FILE), data, dt=DT)"
WRITES = "spyx.nir.to_nir(network, input_shape, output_shape)"


def dense(w, name):
    weight, bias = w[f"{name}.weight"], w[f"{name}.bias"]
    layer = nnx.Linear(weight.shape[1], weight.shape[0], rngs=nnx.Rngs(0))
    layer.kernel[...] = jnp.array(weight.T)
    layer.bias[...] = jnp.array(bias)
    return layer


def build(name):
    w = weights(name)
    rngs = nnx.Rngs(0)
    lif = lambda n: snn.LIF((n,), beta=BETA, threshold=THRESHOLD, rngs=rngs)
    if name == "dense":
        return snn.Sequential(dense(w, "fc1"), lif(8), dense(w, "fc2"), lif(5))
    if name == "cuba":
        one = lambda n: snn.CuBaLIF((n,), alpha=ALPHA, beta=BETA, threshold=THRESHOLD, rngs=rngs)
        return snn.Sequential(dense(w, "fc1"), one(8), dense(w, "fc2"), one(5))
    if name == "convolutional":
        conv = nnx.Conv(2, 4, (3, 3), strides=(2, 2), padding=[(1, 1), (1, 1)], rngs=rngs)
        conv.kernel[...] = jnp.array(w["conv.weight"].transpose(2, 3, 1, 0))
        conv.bias[...] = jnp.array(w["conv.bias"])
        # its Flatten counts channels last
        last = dense({**w, "fc.weight": w["fc.weight"].reshape(5, 4, 9).transpose(0, 2, 1).reshape(5, 36)}, "fc")
        one = lambda *shape: snn.IF(shape, threshold=THRESHOLD)
        return snn.Sequential(conv, one(3, 3, 4), snn.Flatten(), last, one(5))
    if name == "recurrent":
        back = snn.RLIF((8,), beta=BETA, threshold=THRESHOLD, rngs=rngs)
        back.recurrent_w[...] = jnp.array(w["recurrent.weight"].T)
        return snn.Sequential(dense(w, "fc1"), back, dense(w, "fc2"), lif(5))
    raise NotImplementedError("its exporter takes a chain of layers")


def sequence(name):
    """[T,1,…], channels last."""
    x = inputs(name)[:, None]
    return jnp.array(x.transpose(0, 1, 3, 4, 2) if x.ndim == 5 else x)


def write(name):
    network = build(name)
    outputs, _ = snn.run(network, sequence(name))
    shape = {"input": np.array(inputs(name).shape[1:])}
    return quietly(spyx.nir.to_nir, network, shape, {"output": np.array([5])}), raster(np.asarray(outputs)[:, 0])


def read(path, name, dt):
    _, outputs = quietly(spyx.nir.from_nir, graph_of(path), sequence(name), dt=dt)
    return raster(np.asarray(outputs)[:, 0])
