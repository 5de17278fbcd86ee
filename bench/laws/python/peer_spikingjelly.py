"""SpikingJelly's neurons with default settings, for ../index.ts. They keep their states themselves; reset_net() begins anew,
as its tutorials do before each batch."""

from importlib.metadata import version

import torch
from spikingjelly.activation_based import functional, neuron as sj, surrogate
from spikegrad_torch import TorchNeuron, tensor


def smooth_of(spike):
    """The primitive function of a surrogate, which SpikingJelly documents and uses when told not to spike."""
    return lambda u: spike.primitive_function(u, **spike._sg_params)


class Jelly(TorchNeuron):
    """cls(**settings), a step at a time; `otherwise` in step_mode='m', a whole sequence at once."""

    def __init__(self, cls, promises, heard=-1, steps_only=False, **settings):
        own = cls(**settings).surrogate_function
        self.cls, self.settings = cls, settings
        self.names = list(cls(**settings)._memories)
        super().__init__(
            self.tapped, self.at_rest, self.one, promises, spike=own, primitive=smooth_of(own),
            whole=None if steps_only else self.at_once, heard=heard, pieces=None if steps_only else self.in_two)
        self.plain = {}

    def tapped(self, count, tap):
        neuron = self.cls(**self.settings)
        tap.spiking = True  # some of them ask
        neuron.surrogate_function = tap
        return neuron

    def at_rest(self, neuron, x):
        functional.reset_net(neuron)
        return {}

    def one(self, neuron, x, states):
        for name, value in states.items():
            setattr(neuron, name, value)
        spikes = neuron(x)
        if isinstance(spikes, (list, tuple)):  # of online learning: spikes and their trace
            spikes = spikes[0]
        return spikes, {name: getattr(neuron, name) for name in self.names if isinstance(getattr(neuron, name), torch.Tensor)}

    def in_two(self, neuron, first, second):
        """In step_mode='m', one call after the other."""
        begun = self.at_once(neuron, first)
        again = self.plain[second.dtype](second)
        return torch.cat([begun, again[0] if isinstance(again, (list, tuple)) else again])

    def at_once(self, _, x):
        key = x.dtype
        if key not in self.plain:
            self.plain[key] = self.double(self.cls(**self.settings)) if key == torch.float64 else self.cls(**self.settings)
            functional.set_step_mode(self.plain[key], "m")
        functional.reset_net(self.plain[key])
        spikes = self.plain[key](x)
        return spikes[0] if isinstance(spikes, (list, tuple)) else spikes


class InOneGo(Jelly):
    """The same neuron in step_mode='m' throughout, its own kernels included; the smooth one is that of single steps."""

    def run(self, currents, initial):
        x = tensor(currents, torch.float32)
        with torch.no_grad():
            self.at_once(None, x)
            neuron = self.plain[x.dtype]
            functional.reset_net(neuron)
            for name, value in (initial or {}).items():
                setattr(neuron, name, tensor(value, torch.float32))
            spikes = neuron(x)
        return {"spikes": spikes, "states": {name: getattr(neuron, name) for name in self.names}}

    def __init__(self, *args, **settings):
        super().__init__(*args, **settings)
        self.otherwise = lambda currents: Jelly.run(self, currents, None)

    def gradient(self, currents, weights):
        x = tensor(currents, torch.float64).requires_grad_()
        spikes = self.at_once(None, x)
        loss = (spikes * tensor(weights, torch.float64)).sum()
        return torch.autograd.grad(loss, x)[0]


class Sequences(TorchNeuron):
    """Takes whole sequences of as many steps as it was made for."""

    def __init__(self, make, promises, spike):
        super().__init__(lambda count, tap: None, None, None, promises, spike=spike, primitive=smooth_of(spike), double=lambda neuron: neuron)
        self.gradient_in_pieces = None
        self.made, self.by_length = make, {}

    def sequence(self, x, initial):
        _, tap = self.neuron(x.shape[2], x.dtype)
        key = len(x), x.dtype
        if key not in self.by_length:
            torch.manual_seed(0)
            neuron = self.made(len(x))
            self.by_length[key] = neuron.double() if x.dtype == torch.float64 else neuron
        neuron = self.by_length[key]
        functional.reset_net(neuron)
        neuron.surrogate_function = tap
        return list(neuron(x)), {}, [], []

    def run(self, currents, initial):
        found = super().run(currents, None)
        del found["states"]  # it takes no state
        return found


def gated(steps):
    import numpy

    numpy.random.seed(0)  # its gates begin as numpy draws them
    node = sj.GatedLIFNode(T=steps)
    forward = node.forward
    node.forward = lambda x: forward(x[..., None, None])[..., 0, 0]
    return node


hard = {"vth": 1, "reset": "hard"}
soft = {"vth": 1, "reset": "soft"}
of = lambda cls, promises, **settings: lambda: Jelly(cls, promises, **settings)

neurons = {
    "IFNode": of(sj.IFNode, {**hard, "decay": 1}),
    "IFNode v_reset=None": of(sj.IFNode, {**soft, "decay": 1}, v_reset=None),
    "IFNode v_reset=-0.5": of(sj.IFNode, {**hard, "vReset": -0.5, "decay": 1}, v_reset=-0.5),
    "IFNode step_mode=m": lambda: InOneGo(sj.IFNode, {**hard, "decay": 1}),
    "HalfThresholdIFNode": of(sj.HalfThresholdIFNode, {**soft, "decay": 1}),
    "LIFNode": of(sj.LIFNode, {**hard, "decay": 0.5}),
    "LIFNode v_reset=None": of(sj.LIFNode, {**soft, "decay": 0.5}, v_reset=None),
    "LIFNode v_reset=-0.5": of(sj.LIFNode, {**hard, "vReset": -0.5, "vRest": -0.5, "decay": 0.5}, v_reset=-0.5),
    "LIFNode decay_input=False": of(sj.LIFNode, {**hard, "decay": 0.5}, decay_input=False),
    "LIFNode detach_reset=True": of(sj.LIFNode, {**hard, "decay": 0.5}, detach_reset=True),
    "LIFNode step_mode=m": lambda: InOneGo(sj.LIFNode, {**hard, "decay": 0.5}),
    "ParametricLIFNode": of(sj.ParametricLIFNode, {**hard, "decay": 0.5}),
    "ParametricLIFNode step_mode=m": lambda: InOneGo(sj.ParametricLIFNode, {**hard, "decay": 0.5}),
    "QIFNode": of(sj.QIFNode, {**hard, "vReset": -0.1}),
    "QIFNode step_mode=m": lambda: InOneGo(sj.QIFNode, {**hard, "vReset": -0.1}),
    "EIFNode": of(sj.EIFNode, {**hard, "vReset": -0.1}),
    "EIFNode step_mode=m": lambda: InOneGo(sj.EIFNode, {**hard, "vReset": -0.1}),
    "IzhikevichNode": of(sj.IzhikevichNode, hard),
    "IzhikevichNode step_mode=m": lambda: InOneGo(sj.IzhikevichNode, hard),
    "RAFNode": of(sj.RAFNode, hard),
    "TernaryIFNode": of(sj.TernaryIFNode, {**hard, "decay": 1}, heard=0),
    "TernaryLIFNode": of(sj.TernaryLIFNode, {**hard, "decay": 0.5}, heard=0),
    "KLIFNode": of(sj.KLIFNode, hard),
    "ComplementaryLIFNode": of(sj.ComplementaryLIFNode, {"vth": 1}),
    "CUBALIFNode": of(sj.CUBALIFNode, {"vth": 0.5, "reset": "hard"}),
    "ILIFNode": of(sj.ILIFNode, {"reset": "soft"}),
    "OTTTLIFNode": of(sj.OTTTLIFNode, {"vth": 1, "reset": "soft", "decay": 0.5}, steps_only=True),
    "SLTTLIFNode": of(sj.SLTTLIFNode, {**hard, "decay": 0.5}, steps_only=True),
    "GatedLIFNode": lambda: Sequences(gated, {}, surrogate.Sigmoid()),
    "PSN": lambda: Sequences(lambda steps: sj.PSN(T=steps), {}, surrogate.ATan()),
    "MaskedPSN k=2": lambda: Sequences(lambda steps: sj.MaskedPSN(k=2, T=steps, step_mode="m", lambda_init=1.0), {}, surrogate.ATan()),
    "SlidingPSN k=2": lambda: Sequences(lambda steps: sj.SlidingPSN(k=2, step_mode="m"), {}, surrogate.ATan()),
}


def with_surrogate(cls):
    """An integrate-and-fire neuron with another surrogate."""

    def make():
        one = Jelly(sj.IFNode, {**hard, "decay": 1}, surrogate_function=cls())
        try:
            one.primitive(torch.zeros(1))
        except (NotImplementedError, AttributeError):
            one.gradient = one.gradient_in_pieces = one.smooth = None
        return one

    return make


for name in ("PiecewiseQuadratic", "PiecewiseExp", "SoftSign", "SuperSpike", "ATan", "NonzeroSignLogAbs", "Erf", "PiecewiseLeakyReLU",
             "SquarewaveFourierSeries", "S2NN", "QPseudoSpike", "LeakyKReLU", "LogTailedReLU", "Rect"):
    neurons[f"IFNode surrogate_function={name}()"] = with_surrogate(getattr(surrogate, name))

versions = {name: version(name) for name in ("spikingjelly", "torch")}
