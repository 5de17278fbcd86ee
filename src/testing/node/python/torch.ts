// The Python side for neurons of PyTorch: what a file with neurons may import as `spikegrad_torch`, so that a library's
// own neuron, called step by step, shows its membranes, its gradient and the smooth neuron that the gradient belongs
// to.

/** Imported by files with neurons; runs where torch is installed. */
export const TORCH = `"""Neurons of PyTorch for spikegrad's laws. Values are computed in float32, as libraries do when asked for nothing else;
gradients and the differences that they are compared with in float64.

\`Tap\` stands in the place of a library's spike function. It passes what it is given to the library's own, and writes it down;
or it fires as the smooth neuron through what was written down. What a library detaches or compares is written down and given
back too, by \`Holding\`."""

import warnings

import torch
from torch.overrides import TorchFunctionMode

warnings.simplefilter("ignore")
torch.manual_seed(0)
torch.set_num_threads(1)


class Tap(torch.nn.Module):
    """inner: the library's spike function, of the membrane's distance from the threshold. primitive: the smooth step that its
    documentation names, whose derivative the surrogate should be."""

    def __init__(self, inner, primitive):
        super().__init__()
        self.inner, self.primitive = inner, primitive
        self.seen, self.place = [], None

    def forward(self, u):
        with torch._C.DisableTorchFunction():  # what is compared in here is no affair of Holding's
            return self.fire(u)

    def fire(self, u):
        if self.place is None:
            spikes = self.inner(u).to(u)  # some give float32 whatever they are given
            self.seen.append((u.data, spikes.data))
            return spikes
        at, spikes = self.seen[self.place]
        self.place += 1
        return spikes + self.primitive(u) - self.primitive(at)


class Holding(TorchFunctionMode):
    """What lets no gradient through in one run, detached or compared, is what it was in the run before."""

    names = {"detach", "eq", "ne", "lt", "le", "gt", "ge", "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "sign", "floor", "trunc"}

    def __init__(self):
        super().__init__()
        self.seen, self.place = [], None

    def __torch_function__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        if getattr(func, "__name__", "") not in self.names:
            return result
        if self.place is None:
            self.seen.append(result)
            return result
        self.place += 1
        return self.seen[self.place - 1]


def tensor(given, dtype):
    return torch.as_tensor(given, dtype=dtype)


class TorchNeuron:
    """make(neurons, tap): the library's neuron with default settings, for so many neurons side by side.
    rest(neuron, x): its states at rest before x [B,N], as its documentation has them made, by name.
    step(neuron, x, states): spikes and states of one step.
    whole(neuron, x): spikes of a whole sequence, where the library has another way to run one.
    pieces(neuron, first, second): the same of two pieces, the second from the states that the first left.
    heard: which call of the spike function in a step is the neuron's firing."""

    def __init__(self, make, rest, step, promises, spike=None, primitive=None, whole=None, heard=-1, double=None, pieces=None):
        self.make, self.rest, self.step_, self.promises = make, rest, step, {"precision": "f32", **promises}
        self.spike, self.primitive, self.heard = spike, primitive, heard
        self.double = double or (lambda neuron: neuron.double())
        self.whole, self.pieces = whole, pieces
        self.kept = {}
        if whole is None:
            self.otherwise = None
        if primitive is None:
            self.gradient = self.gradient_in_pieces = self.smooth = None

    def neuron(self, count, dtype):
        """One neuron for all questions, as a user has one for all batches."""
        if (count, dtype) not in self.kept:
            torch.manual_seed(0)
            tap = Tap(self.spike, self.primitive)
            neuron = self.make(count, tap)
            if dtype == torch.float64:
                neuron = self.double(neuron)
            self.kept[count, dtype] = neuron, tap
        return self.kept[count, dtype]

    def sequence(self, x, initial):
        neuron, tap = self.neuron(x.shape[2], x.dtype)
        states = self.rest(neuron, x[0])
        if initial is not None:
            states = {**states, **{name: tensor(value, x.dtype).clone() for name, value in initial.items()}}
        spikes, charged, membrane = [], [], []
        for row in x:
            before = len(tap.seen)
            fired, states = self.step_(neuron, row, states)
            spikes.append(fired)
            if tap.place is None and len(tap.seen) > before and "vth" in self.promises:
                charged.append(tap.seen[before:][self.heard][0] + self.promises["vth"])
            if "v" in states:
                membrane.append(states["v"])
        return spikes, states, charged, membrane

    def run(self, currents, initial):
        x = tensor(currents, torch.float32)
        with torch.no_grad():
            spikes, states, charged, membrane = self.sequence(x, initial)
        self.neuron(x.shape[2], x.dtype)[1].seen.clear()
        like = lambda value: torch.as_tensor(value).expand(x.shape[1:])
        more = {"charged": charged, "membrane": [like(v) for v in membrane]}
        return {
            "spikes": torch.stack(spikes),
            "states": {name: like(value) for name, value in states.items()},
            **{name: torch.stack(values) for name, values in more.items() if values},
        }

    def otherwise(self, currents):
        x = tensor(currents, torch.float32)
        neuron, tap = self.neuron(x.shape[2], x.dtype)
        with torch.no_grad():
            spikes = self.whole(neuron, x)
        tap.seen.clear()
        return {"spikes": spikes}

    def backward(self, x, spikes, weights):
        self.neuron(x.shape[2], x.dtype)[1].seen.clear()
        loss = (spikes * tensor(weights, torch.float64)).sum()
        grad = torch.autograd.grad(loss, x, allow_unused=True)[0] if loss.requires_grad else None
        return torch.zeros_like(x) if grad is None else grad

    def gradient(self, currents, weights):
        x = tensor(currents, torch.float64).requires_grad_()
        return self.backward(x, torch.stack(self.sequence(x, None)[0]), weights)

    def gradient_in_pieces(self, currents, weights, cut):
        x = tensor(currents, torch.float64).requires_grad_()
        if self.pieces is not None:
            return self.backward(x, self.pieces(self.neuron(x.shape[2], x.dtype)[0], x[:cut], x[cut:]), weights)
        first, states, *_ = self.sequence(x[:cut], None)
        second = self.sequence(x[cut:], states)[0]
        return self.backward(x, torch.stack([*first, *second]), weights)

    def smooth(self, currents, moved):
        x = tensor(currents, torch.float64)
        _, tap = self.neuron(x.shape[2], x.dtype)
        tap.seen.clear()
        held = Holding()
        found = []
        with torch.no_grad(), held:
            self.sequence(x, None)
            for each in moved:
                tap.place, held.place = 0, 0
                spikes = self.sequence(tensor(each, torch.float64), None)[0]
                tap.place = held.place = None
                found.append(torch.stack(spikes))
        tap.seen.clear()
        return found
`;
