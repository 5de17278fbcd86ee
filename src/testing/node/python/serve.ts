// The Python side: a program that loads a file with neurons and answers questions about them, one line of JSON each
// way. It needs nothing but Python; where numpy is installed, numbers come as its arrays. It stands here as text, so
// that it goes wherever the library goes.

/** `python spikegrad_laws.py FILE`: the neurons of a file for checkNeuron. */
export const SERVE = `"""Neurons of a Python file, for spikegrad's laws: one line of JSON each way over stdin and stdout.

A neuron is a class without arguments (or an entry of the file's dictionary \`neurons\`: a function that makes one) with

    run(self, currents, initial)       {"spikes": [T,B,N], "states": {"v": [B,N], ...}, "charged": ..., "membrane": ...}
    otherwise(self, currents)          the same, another way
    gradient(self, currents, weights)  of the sum of weights times spikes, by the currents
    gradient_in_pieces(self, currents, weights, cut)   the same of a sequence in two calls, the second from step cut on
    smooth(self, currents, moved)      spikes [T,B,N] of each of moved

of which only run, and of its answer only spikes, must be there. currents are [T,B,N] and initial is None or states of an
earlier run, as numpy arrays (nested lists where there is no numpy); what comes back may be arrays, tensors or lists.
promises is a dictionary of what the neuron says of itself: {"vth": 1, "reset": "soft", "decay": 0.9}.
"""

import importlib.util
import inspect
import json
import math
import os
import platform
import sys

try:
    import numpy
except ImportError:
    numpy = None

WAYS = ("run", "otherwise", "gradient", "gradient_in_pieces", "smooth")


def shaped(data, shape):
    if len(data) != math.prod(shape):
        raise ValueError(f"{len(data)} numbers do not fill {shape}")
    if numpy is not None:
        return numpy.array(data, dtype=float).reshape(shape)
    for length in reversed(shape[1:]):
        data = [data[at : at + length] for at in range(0, len(data), length)]
    return data


def flat(value):
    """Numbers of an array, a tensor or nested lists, in order."""
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, (list, tuple)):
        return [number for part in value for number in flat(part)]
    return [float(value)]


def written(value):
    """JSON has no infinities and no NaN: they go as text."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {key: written(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [written(part) for part in value]
    return value


def ran(answer):
    if not isinstance(answer, dict):
        raise TypeError(f"run gives a dictionary with 'spikes', got {type(answer).__name__}")
    parts = {name: flat(value) for name, value in answer.items() if name != "states"}
    if answer.get("states") is not None:
        parts["states"] = {name: flat(value) for name, value in answer["states"].items()}
    return parts


def answer(neuron, way, currents, more=None, cut=None):
    shape = currents["shape"]
    x = shaped(currents["data"], shape)
    if way == "run":
        states = more and {name: shaped(value, shape[1:]) for name, value in more.items()}
        return ran(neuron.run(x, states))
    if way == "otherwise":
        return ran(neuron.otherwise(x))
    if way == "gradient":
        return flat(neuron.gradient(x, shaped(more, shape)))
    if way == "gradient_in_pieces":
        return flat(neuron.gradient_in_pieces(x, shaped(more, shape), cut))
    return [flat(spikes) for spikes in neuron.smooth(x, [shaped(each["data"], shape) for each in more])]


def load(path):
    path = os.path.abspath(path)
    sys.path.insert(0, os.path.dirname(path))
    spec = importlib.util.spec_from_file_location("neurons_of_spikegrad", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    own = {name: each for name, each in vars(module).items() if inspect.isclass(each) and each.__module__ == spec.name and hasattr(each, "run")}
    return getattr(module, "neurons", own), getattr(module, "versions", {"python": platform.python_version()})


def serve(path):
    # what a library prints must not come between the answers
    out, sys.stdout = sys.stdout, sys.stderr

    def say(**line):
        out.write(json.dumps(written(line), allow_nan=False) + "\\n")
        out.flush()

    neurons, versions = load(path)
    say(neurons=list(neurons), versions=versions)
    kept = {}
    for line in sys.stdin:
        question = json.loads(line)
        name, way = question["neuron"], question["way"]
        try:
            if name not in kept:
                kept[name] = neurons[name]()
            neuron = kept[name]
            if way == "what":
                can = [each for each in WAYS if getattr(neuron, each, None) is not None]
                say(id=question["id"], answer={"ways": can, "promises": getattr(neuron, "promises", {})})
            else:
                say(id=question["id"], answer=answer(neuron, way, *question["given"]))
        except Exception as error:
            say(id=question["id"], error=f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    serve(sys.argv[1])
`;
