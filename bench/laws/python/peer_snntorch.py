"""snnTorch's neurons with default settings, for ../index.ts. What has no default (beta, alpha) is as in its documentation's
examples; states are started by init_…() or reset_mem() and passed from step to step, as its tutorials do."""

import math
from importlib.metadata import version

import snntorch as snn
import torch
from snntorch import surrogate
from spikegrad_torch import TorchNeuron

BETA, ALPHA = 0.9, 0.95


# surrogate.ATan: S ≈ arctan(π·U·α/2)/π, α = 2
def arctan(u):
    return torch.arctan(math.pi * u) / math.pi


def in_steps(make, promises, names, **more):
    """Called as `spikes, *states = neuron(x, *states)`; states begin as zeros."""

    def rest(neuron, x):
        neuron.reset_mem()
        return {name: torch.zeros_like(x) for name in names}

    def step(neuron, x, states):
        spikes, *after = neuron(x, *states.values())
        return spikes, dict(zip(names, after))

    return lambda: TorchNeuron(
        lambda count, tap: make(count, tap), rest, step, promises, spike=surrogate.atan(), primitive=arctan, **more
    )


def hidden(make, promises):
    """Called as `neuron(x)`, which keeps its state itself; utils.reset() before each batch."""

    def rest(neuron, x):
        neuron.reset_mem()
        return {}

    def step(neuron, x, states):
        if states:
            neuron.mem = states["v"]
        return neuron(x), {"v": neuron.mem}

    return lambda: TorchNeuron(
        lambda count, tap: make(count, tap), rest, step, promises, spike=surrogate.atan(), primitive=arctan
    )


def whole_only(make, run, promises):
    """Takes whole sequences alone. Its membrane is its second output, where it has one."""

    class Whole(TorchNeuron):
        gradient_in_pieces = None

        def sequence(self, x, initial):
            neuron, tap = self.neuron(x.shape[2], x.dtype)
            spikes, membrane = run(neuron, x)
            charged = list(tap.seen[-1][0] + 1) if tap.place is None and tap.seen else []
            return list(spikes), {}, charged, [] if membrane is None else list(membrane)

        def run(self, currents, initial):
            found = super().run(currents, None)
            del found["states"]  # there is no way to go on from where it ended
            return found

    return lambda: Whole(
        lambda count, tap: make(count, tap), None, None, promises, spike=surrogate.atan(), primitive=arctan
    )


soft = {"vth": 1, "strict": True, "reset": "soft"}
hard = {"vth": 1, "strict": True, "reset": "hard"}
none = {"vth": 1, "strict": True}


def parallel(count, tap):
    """Each neuron with its own input; the library draws a matrix of input weights."""
    neuron = snn.LeakyParallel(input_size=count, hidden_size=count, beta=BETA, bias=False, spike_grad=tap)
    neuron.rnn.weight_ih_l0.data = torch.eye(count)
    return neuron


def recurrent(names):
    """As in_steps, but `spk` is passed on as a state: the spikes that come back."""

    def make(cls, *decays, **settings):
        def rest(neuron, x):
            neuron.reset_mem()
            return {name: torch.zeros_like(x) for name in names}

        def step(neuron, x, states):
            spikes, *after = neuron(x, *states.values())
            return spikes, dict(zip(names, [spikes, *after]))

        return lambda: TorchNeuron(
            lambda count, tap: cls(*decays, linear_features=count, spike_grad=tap, **settings),
            rest, step, soft, spike=surrogate.atan(), primitive=arctan,
        )

    return make


neurons = {
    "Leaky": in_steps(lambda n, tap: snn.Leaky(beta=BETA, spike_grad=tap), {**soft, "decay": BETA}, ["v"]),
    "Leaky reset_delay=False": in_steps(
        lambda n, tap: snn.Leaky(beta=BETA, spike_grad=tap, reset_delay=False), {**soft, "decay": BETA}, ["v"]),
    "Leaky reset_mechanism=zero": in_steps(
        lambda n, tap: snn.Leaky(beta=BETA, spike_grad=tap, reset_mechanism="zero"), {**hard, "decay": BETA}, ["v"]),
    "Leaky reset_mechanism=none": in_steps(
        lambda n, tap: snn.Leaky(beta=BETA, spike_grad=tap, reset_mechanism="none"), {**none, "decay": BETA}, ["v"]),
    "Leaky init_hidden=True": hidden(
        lambda n, tap: snn.Leaky(beta=BETA, spike_grad=tap, init_hidden=True), {**soft, "decay": BETA}),
    "Leaky beta=0.5": in_steps(lambda n, tap: snn.Leaky(beta=0.5, spike_grad=tap), {**soft, "decay": 0.5}, ["v"]),
    "Lapicque": in_steps(lambda n, tap: snn.Lapicque(beta=BETA, spike_grad=tap), {**soft, "decay": BETA}, ["v"]),
    "Lapicque beta=0.5": in_steps(lambda n, tap: snn.Lapicque(beta=0.5, spike_grad=tap), {**soft, "decay": 0.5}, ["v"]),
    "Synaptic": in_steps(
        lambda n, tap: snn.Synaptic(alpha=ALPHA, beta=BETA, spike_grad=tap), {**soft, "decay": {"v": BETA, "syn": ALPHA}}, ["syn", "v"]),
    "Alpha": in_steps(
        lambda n, tap: snn.Alpha(alpha=ALPHA, beta=BETA, spike_grad=tap),
        {**hard, "decay": {"syn_exc": ALPHA, "syn_inh": BETA}}, ["syn_exc", "syn_inh", "v"]),
    "RLeaky": recurrent(["spk", "v"])(snn.RLeaky, BETA),
    "RSynaptic": recurrent(["spk", "syn", "v"])(snn.RSynaptic, ALPHA, BETA),
    "StateLeaky": whole_only(
        lambda n, tap: snn.StateLeaky(beta=BETA, channels=n, spike_grad=tap), lambda neuron, x: neuron(x), {**none, "decay": BETA}),
    "StateLeaky beta=0.5": whole_only(
        lambda n, tap: snn.StateLeaky(beta=0.5, channels=n, spike_grad=tap), lambda neuron, x: neuron(x), {**none, "decay": 0.5}),
    "LeakyParallel bias=False": whole_only(parallel, lambda neuron, x: (neuron(x), None), none),
}

versions = {name: version(name) for name in ("snntorch", "torch")}
