"""The Python side of ../bridge.ts: neurons that answer questions, one line of JSON each way over stdin and stdout. Needs
nothing but Python.

A neuron is an object with the methods that it has of

    run(currents, initial)       initial is None or {state: [numbers]}; gives {"spikes": [...], "states": {...}, ...}
    otherwise(currents)          the same, another way
    gradient(currents, weights)  [numbers]
    smooth(currents, moved)      [[numbers], ...]

with currents = {"data": [numbers], "shape": [T, B, N]}, and with `promises`, what it says of itself: {"vth": 1, ...}.
"""

import json
import math
import sys

WAYS = ("run", "otherwise", "gradient", "smooth")


def written(value):
    """JSON has no infinities and no NaN: they go as text."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {key: written(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [written(part) for part in value]
    return value


def answer(neurons, kept, question):
    name, way = question["neuron"], question["way"]
    if name not in kept:
        kept[name] = neurons[name]()
    if way == "what":
        own = kept[name]
        return {"ways": [each for each in WAYS if getattr(own, each, None) is not None], "promises": own.promises}
    return getattr(kept[name], way)(*question["given"])


def serve(neurons, versions):
    """neurons: {name: function that makes one}; they are made when they are asked for."""
    # what a library prints must not come between the answers
    out, sys.stdout = sys.stdout, sys.stderr

    def say(**line):
        out.write(json.dumps(written(line), allow_nan=False) + "\n")
        out.flush()

    say(neurons=list(neurons), versions=versions)
    kept = {}
    for line in sys.stdin:
        question = json.loads(line)
        try:
            say(id=question["id"], answer=answer(neurons, kept, question))
        except Exception as error:
            say(id=question["id"], error=f"{type(error).__name__}: {error}")
