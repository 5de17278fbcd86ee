"""Norse's feed-forward neurons with default settings, for ../index.ts: each cell is called as `spikes, state = cell(x, state)`,
and its layer on whole sequences. The state at rest is what the cell itself begins with."""

import importlib
from importlib.metadata import version

import torch
from spikegrad_torch import TorchNeuron

import norse.torch as norse

thresholds = importlib.import_module("norse.torch.functional.threshold")
superspike = thresholds.superspike_fn


# SuperSpike (Zenke and Ganguli 2018): the derivative is 1/(1 + α·|u|)²
def super_step(alpha):
    return lambda u: u / (1 + alpha * u.abs())


def flat(state, names=None):
    """The parts of nested named tuples, by their own names."""
    found = {}
    for name, part in zip(state._fields, state):
        found.update(flat(part) if isinstance(part, tuple) else {name: part})
    return found


def nested(like, parts):
    return type(like)(*(nested(part, parts) if isinstance(part, tuple) else parts[name] for name, part in zip(like._fields, like)))


def in_two(layer, first, second):
    """A layer over one part of a sequence and then the other."""
    begun, state = layer(first)
    return torch.cat([begun, layer(second, state)[0]])


class Cell(TorchNeuron):
    def __init__(self, make, promises, layer=None, alpha=100.0):
        super().__init__(
            lambda count, tap: (make(count), tap), self.at_rest, self.one, promises,
            spike=lambda u: superspike(u, torch.as_tensor(alpha)), primitive=super_step(alpha),
            whole=None if layer is None else (lambda _, x: layer()(x)[0]),
            pieces=None if layer is None else (lambda _, *parts: in_two(layer().double(), *parts)), heard=0, double=self.doubled,
        )

    def doubled(self, made):
        cell, tap = made
        return cell.double(), tap

    def at_rest(self, made, x):
        self.like = made[0].state_fallback(x)
        return {name: torch.as_tensor(part).detach() for name, part in flat(self.like).items()}

    def one(self, made, x, states):
        cell, tap = made
        thresholds.superspike_fn = lambda u, alpha: tap(u)
        try:
            spikes, state = cell(x, nested(self.like, states))
        finally:
            thresholds.superspike_fn = superspike
        return spikes, flat(state)


class Coba(Cell):
    """A recurrent neuron with conductances: its weights are drawn; here each neuron hears its own input with weight 1."""

    def __init__(self, promises):
        def make(count):
            cell = norse.CobaLIFCell(count, count)
            cell.input_weights.data = torch.eye(count)
            cell.recurrent_weights.data = torch.zeros(count, count)
            # what CobaLIFCell.forward begins with
            zeros = lambda x: importlib.import_module("norse.torch.functional.coba_lif").CobaLIFState(*(torch.zeros_like(x) for _ in range(4)))
            cell.state_fallback = zeros
            return cell

        super().__init__(make, promises)


hard = {"vth": 1, "strict": True, "reset": "hard"}
of = lambda cell, promises, layer=None, **more: lambda: Cell(lambda count: cell(), promises, layer, **more)

neurons = {
    "LIFCell": of(norse.LIFCell, {**hard, "decay": {"v": 0.9, "i": 0.8}}, norse.LIF),
    "LIFCell alpha=1": of(lambda: norse.LIFCell(norse.LIFParameters(alpha=torch.as_tensor(1.0))), hard, alpha=1),
    "LIFBoxCell": of(norse.LIFBoxCell, {**hard, "decay": 0.9}),
    "LIFRefracCell": of(norse.LIFRefracCell, {**hard, "refractory": 5}),
    "LIFRefracCell alpha=1": of(
        lambda: norse.LIFRefracCell(norse.LIFRefracParameters(norse.LIFParameters(alpha=torch.as_tensor(1.0)))), {**hard, "refractory": 5}, alpha=1),
    "LIFExCell": of(norse.LIFExCell, hard, norse.LIFEx),
    "LIFAdExCell": of(norse.LIFAdExCell, hard, norse.LIFAdEx),
    "LIFAdExRefracCell": of(norse.LIFAdExRefracCell, {**hard, "refractory": 5}),
    "LSNNCell": of(norse.LSNNCell, {"reset": "hard", "decay": 0.9}, norse.LSNN),
    "LSNNCell alpha=1": of(lambda: norse.LSNNCell(norse.LSNNParameters(alpha=1.0)), {"reset": "hard", "decay": 0.9}, alpha=1),
    "IAFCell": of(norse.IAFCell, {**hard, "decay": 1}, norse.IAF),
    "IzhikevichCell tonic_spiking": lambda: Cell(
        lambda count: norse.IzhikevichCell(norse.tonic_spiking), {"vth": 30, "strict": True, "reset": "hard", "vReset": -65},
        lambda: norse.Izhikevich(norse.tonic_spiking)),
    "CobaLIFCell": lambda: Coba({"vth": -10, "strict": True, "reset": "hard", "vReset": -70}),
}

versions = {name: version(name) for name in ("norse", "torch")}
