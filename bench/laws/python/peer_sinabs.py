"""Sinabs' layers with default settings, for ../index.ts. They take [batch, time, neurons] and keep their states; reset_states()
begins anew. A step is a sequence of one; `otherwise` is the whole sequence at once."""

from importlib.metadata import version

import sinabs.activation as sa
import sinabs.layers as sl
import torch
from spikegrad_torch import TorchNeuron

TAU = 20.0
DECAY = 0.951229424500714  # exp(-1/20)
SLOW = 0.9048374180359595  # exp(-1/10)


# the integral of SingleExponential(grad_width=0.5, grad_scale=1) at threshold 1
def exponential(u):
    return torch.sign(u) * (1 - torch.exp(-u.abs() / 0.5))


class Tapped:
    """In the place of a spike_fn, which is called as spike_fn.apply(v_mem, threshold, surrogate_grad_fn)."""

    required_states = ["v_mem"]

    def __init__(self, tap, own):
        self.tap, self.own = tap, own

    def apply(self, v_mem, threshold, surrogate_grad_fn):
        self.tap.inner = lambda u: self.own.apply(v_mem, threshold, surrogate_grad_fn)
        return self.tap(v_mem - threshold)


class Layer(TorchNeuron):
    def __init__(self, make, promises, own=sa.MultiSpike, names=("v_mem",)):
        self.names = names

        def tapped(count, tap):
            return make() if own is None else make(spike_fn=Tapped(tap, own))

        super().__init__(tapped, self.at_rest, self.one, promises, primitive=None if own is None else exponential, whole=self.at_once, pieces=self.in_two)

    def at_rest(self, layer, x):
        layer.reset_states()
        return {}

    def one(self, layer, x, states):
        if states:
            layer.init_state_with_shape(x.shape)
            for name in self.names:
                own = "v" if name == "v_mem" else name
                if own in states:
                    setattr(layer, name, states[own])
        spikes = layer(x[:, None])[:, 0]
        return spikes, {"v" if name == "v_mem" else name: getattr(layer, name) for name in self.names}

    def at_once(self, layer, x):
        layer.reset_states()
        return layer(x.transpose(0, 1)).transpose(0, 1)

    def in_two(self, layer, *parts):
        layer.reset_states()
        return torch.cat([layer(part.transpose(0, 1)).transpose(0, 1) for part in parts])


soft = {"vth": 1, "reset": "soft"}
hard = {"vth": 1, "reset": "hard"}
neurons = {
    "IAF": lambda: Layer(sl.IAF, {**soft, "decay": 1}),
    "LIF": lambda: Layer(lambda **more: sl.LIF(tau_mem=TAU, **more), {**soft, "decay": DECAY}),
    "LIF norm_input=False": lambda: Layer(lambda **more: sl.LIF(tau_mem=TAU, norm_input=False, **more), {**soft, "decay": DECAY}),
    "LIF tau_syn=10": lambda: Layer(
        lambda **more: sl.LIF(tau_mem=TAU, tau_syn=10.0, **more), {**soft, "decay": {"v": DECAY, "i_syn": SLOW}}, names=("v_mem", "i_syn")),
    "LIF spike_fn=SingleSpike": lambda: Layer(
        lambda **more: sl.LIF(tau_mem=TAU, **more), {**soft, "decay": DECAY}, own=sa.SingleSpike),
    "LIF spike_fn=SingleSpike reset_fn=MembraneReset()": lambda: Layer(
        lambda **more: sl.LIF(tau_mem=TAU, reset_fn=sa.MembraneReset(), **more), {**hard, "decay": DECAY}, own=sa.SingleSpike),
    "LIF spike_fn=SingleSpike reset_fn=MembraneReset(-0.5)": lambda: Layer(
        lambda **more: sl.LIF(tau_mem=TAU, reset_fn=sa.MembraneReset(-0.5), **more), {**hard, "vReset": -0.5, "decay": DECAY}, own=sa.SingleSpike),
    "LIF min_v_mem=-1": lambda: Layer(lambda **more: sl.LIF(tau_mem=TAU, min_v_mem=-1.0, **more), {**soft, "decay": DECAY}),
    "ALIF": lambda: Layer(
        lambda **more: sl.ALIF(tau_mem=TAU, tau_adapt=10.0, **more), {"decay": {"v": DECAY, "b": SLOW}}, own=sa.SingleSpike, names=("v_mem", "b", "spike_threshold")),
    "ALIF tau_syn=10": lambda: Layer(
        lambda **more: sl.ALIF(tau_mem=TAU, tau_adapt=10.0, tau_syn=10.0, **more), {"decay": {"v": DECAY, "b": SLOW, "i_syn": SLOW}},
        own=sa.SingleSpike, names=("v_mem", "i_syn", "b", "spike_threshold")),
    "ExpLeak": lambda: Layer(lambda: sl.ExpLeak(tau_mem=TAU), {"decay": DECAY}, own=None),
}

versions = {name: version(name) for name in ("sinabs", "torch")}
