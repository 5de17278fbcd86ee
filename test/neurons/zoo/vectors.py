# Writes vectors.json: every neuron of the zoo over 10 steps by PyTorch's autograd in f64, its equations written out by
# hand from the papers' forms. python vectors.py; needs torch.

import json
import math
import pathlib

import torch

T, N = 10, 3
random = torch.Generator().manual_seed(27)


class Spike(torch.autograd.Function):
    """1 where u >= 0; backward the slope that is given."""

    @staticmethod
    def forward(ctx, u, slope):
        ctx.save_for_backward(u)
        ctx.slope = slope
        return (u >= 0).to(u)

    @staticmethod
    def backward(ctx, g):
        (u,) = ctx.saved_tensors
        return g * ctx.slope(u), None


def arctan(alpha=2.0):
    return lambda u: alpha / 2 / (1 + (math.pi / 2 * alpha * u) ** 2)


def rectangle(u):
    return (u.abs() < 0.5).to(u)


def drawn(*shape, spread=1.0, around=0.0):
    return ((torch.rand(shape, generator=random, dtype=torch.float64) - 0.5) * 2 * spread + around).mul(1000).round() / 1000


logit = lambda p: -math.log(1 / p - 1)
sigmoid = torch.sigmoid
ZOO = []


def neuron(name, states, x, slope=None, settings=None, learnt=(), called=None, outputs=("spikes",)):
    """The step that follows, with settings by the names that the zoo has; `called` maps one to (name, transformed)."""
    def add(step):
        ZOO.append((name, states, x, slope or arctan(), settings or {}, learnt, called or {}, outputs, step))
        return step
    return add


def hard(h, o, to=0.0):
    return h * (1 - o) + to * o


@neuron("if", {"v": (0.3, 0)}, (0.8, 0.5), settings={"vth": 1.2, "vReset": -0.2})
def _(s, x, p, spike):
    h = s["v"] + x
    o = spike(h - p["vth"])
    return {"spikes": o, "v": hard(h, o, p["vReset"])}


def lif(s, x, p, spike):
    h = p["tau"] * s["v"] + x
    return h, spike(h - p["vth"])


V = {"v": (0.4, 0.1)}


@neuron("lif", V, (0.8, 0.5), rectangle, {"tau": 0.4, "vth": 0.6, "vReset": 0.1}, ("tau", "vth"))
def _(s, x, p, spike):
    h, o = lif(s, x, p, spike)
    return {"spikes": o, "v": hard(h, o, p["vReset"])}


@neuron("lif-soft", V, (0.8, 0.5), rectangle, {"tau": 0.4, "vth": 0.6, "by": 0.3}, ("tau", "vth", "by"))
def _(s, x, p, spike):
    h, o = lif(s, x, p, spike)
    return {"spikes": o, "v": h - p["by"] * p["vth"] * o}


@neuron("lif-no-reset", V, (0.8, 0.2), rectangle, {"tau": 0.6, "vth": 0.6}, ("tau", "vth"))
def _(s, x, p, spike):
    h, o = lif(s, x, p, spike)
    return {"spikes": o, "v": h}


@neuron("lif-delayed", {"spikes": (0.5, 0.5), "v": (0.4, 0)}, (0.8, 0.4), rectangle, {"tau": 0.7, "vth": 0.6, "by": 0.5}, ("tau", "vth", "by"))
def _(s, x, p, spike):
    h = p["tau"] * s["v"] + x - p["by"] * p["vth"] * s["spikes"].detach()
    return {"spikes": spike(h - p["vth"]), "v": h}


@neuron("lif-delayed-hard", {"spikes": (0.5, 0.5), "v": (0.4, 0)}, (0.8, 0.4), rectangle, {"tau": 0.7, "vth": 0.6}, ("tau", "vth"))
def _(s, x, p, spike):
    h = p["tau"] * s["v"] * (1 - s["spikes"].detach()) + x
    return {"spikes": spike(h - p["vth"]), "v": h}


@neuron("lif-detached", V, (0.8, 0.5), rectangle, {"tau": 0.5, "vth": 0.6, "vReset": -0.1}, ("tau", "vth"))
def _(s, x, p, spike):
    h, o = lif(s, x, p, spike)
    return {"spikes": o, "v": hard(h, o.detach(), p["vReset"])}


@neuron("lif-mpr", V, (0.8, 0.5), rectangle, {"k": 5, "tau": 0.4}, ("tau", "k"))
def _(s, x, p, spike):
    h = p["tau"] * s["v"] + x
    r = torch.tanh(p["k"] * (h - 0.5)) / (2 * torch.tanh(p["k"] / 2)) + 0.5
    o = spike(r - 0.5)
    return {"spikes": o, "v": hard(h, o)}


@neuron("lif-refractory", {"r": (0, 0), "v": (0.4, 0)}, (0.8, 0.9), settings={"steps": 2, "tau": 0.7}, learnt=("tau",))
def _(s, x, p, spike):
    h = torch.where(s["r"] > 0, s["v"], p["tau"] * s["v"] + x)
    o = spike(h - 1)
    return {"spikes": o, "v": hard(h, o), "r": torch.where(o > 0.5, 2.0, (s["r"] - 1).clamp(min=0))}


@neuron("plif", V, (1.5, 1.2), settings={"tau": 3}, learnt=("tau",), called={"tau": ("w", lambda tau: -math.log(tau - 1))})
def _(s, x, p, spike):
    h = s["v"] + (x - s["v"]) * sigmoid(p["w"])
    o = spike(h - 1)
    return {"spikes": o, "v": hard(h, o)}


@neuron("klif", V, (1.5, 1.2), settings={"k": 1.3, "tau": 2.5}, learnt=("k",))
def _(s, x, p, spike):
    h = torch.relu(p["k"] * (s["v"] + (x - s["v"]) / 2.5))
    o = spike(h - 1)
    return {"spikes": o, "v": hard(h, o)}


GATES = {"alpha": "alpha", "beta": "beta", "gamma": "gate", "tau": "tau", "leak": "leak", "g": "g", "by": "by", "vth": "theta"}


@neuron("glif", {"spikes": (0.5, 0.5), "v": (0.4, 0)}, (1, 0.6), settings={"alpha": 0.6, "gamma": 0.3, "tau": 0.4},
        learnt=tuple(GATES), called={k: (v, logit) for k, v in GATES.items()})
def _(s, x, p, spike):
    a, b, c = sigmoid(p["alpha"]), sigmoid(p["beta"]), sigmoid(p["gate"])
    leaking = (1 - a * (1 - sigmoid(p["tau"]))) * s["v"]
    h = leaking - (1 - a) * sigmoid(p["leak"]) + x * (1 - b * (1 - sigmoid(p["g"])))
    h = h - leaking * c * s["spikes"] - (1 - c) * sigmoid(p["by"]) * s["spikes"]
    return {"spikes": spike(h - sigmoid(p["theta"])), "v": h}


@neuron("alif", {"v": (0.4, 0), "a": (0.5, 0.5)}, (0.8, 0.7), settings={"tau": 0.7, "beta": 0.3}, learnt=("tau", "rho", "beta"))
def _(s, x, p, spike):
    h = p["tau"] * s["v"] + x
    o = spike(h - 1 - p["beta"] * s["a"])
    return {"spikes": o, "v": hard(h, o), "a": p["rho"] * s["a"] + o}


@neuron("synaptic", {"i": (0.3, 0), "v": (0.3, 0)}, (0.8, 0.3), settings={"alpha": 0.6, "beta": 0.7}, learnt=("alpha", "beta"))
def _(s, x, p, spike):
    i = p["alpha"] * s["i"] + x
    h = p["beta"] * s["v"] + i
    o = spike(h - 1)
    return {"spikes": o, "i": i, "v": h - o}


@neuron("cuba-lif", {"i": (0.3, 0), "v": (0.3, 0)}, (0.8, 0.3), settings={"alpha": 0.6, "vReset": -0.2}, learnt=("alpha", "beta"))
def _(s, x, p, spike):
    i = p["alpha"] * s["i"] + x
    h = p["beta"] * s["v"] + i
    o = spike(h - 1)
    return {"spikes": o, "i": i, "v": hard(h, o, -0.2)}


@neuron("alpha", {"spikes": (0, 0), "e": (0.3, 0), "n": (0.3, 0)}, (0.8, 0.5), settings={"alpha": 0.85, "beta": 0.6})
def _(s, x, p, spike):
    r = 1 - s["spikes"].detach()
    e = (p["alpha"] * s["e"] + x) * r
    n = (p["beta"] * s["n"] - x) * r
    a, b = math.log(p["alpha"]), math.log(p["beta"])
    return {"spikes": spike((a / (b - a) + 1) * (e + n) - 0.5), "e": e, "n": n}


@neuron("qif", V, (1.5, 1), settings={"tau": 1.5}, learnt=("tau", "a"))
def _(s, x, p, spike):
    h = s["v"] + (p["a"] * (s["v"] - 0) * (s["v"] - 0.8) + x) / p["tau"]
    o = spike(h - 1)
    return {"spikes": o, "v": hard(h, o, -0.1)}


@neuron("eif", V, (1.5, 1), settings={"tau": 1.5, "delta": 0.3}, learnt=("tau", "delta"))
def _(s, x, p, spike):
    h = s["v"] + (0 - s["v"] + p["delta"] * torch.exp((s["v"] - 0.8) / p["delta"]) + x) / p["tau"]
    o = spike(h - 1)
    return {"spikes": o, "v": hard(h, o, -0.1)}


@neuron("adex", {"v": (0.4, 0), "w": (0.1, 0.1)}, (1.5, 1), settings={"tau": 1.5, "b": 0.2}, learnt=("tau", "tauW", "delta", "a", "b"))
def _(s, x, p, spike):
    h = s["v"] + (0 - s["v"] + p["delta"] * torch.exp((s["v"] - 0.8) / p["delta"]) - s["w"] + x) / p["tau"]
    w = s["w"] + (p["a"] * (s["v"] - 0) - s["w"]) / p["tauW"]
    o = spike(h - 1)
    return {"spikes": o, "v": hard(h, o), "w": w + p["b"] * o}


U = {"v": (5, -60), "u": (2, -13)}


@neuron("izhikevich", U, (20, 20), arctan(0.04), {"dt": 0.5, "a": 0.1, "d": 2}, ("a", "b", "d"))
def _(s, x, p, spike):
    h = s["v"] + 0.5 * (0.04 * s["v"] ** 2 + 5 * s["v"] + 140 - s["u"] + x)
    u = s["u"] + 0.5 * p["a"] * (p["b"] * s["v"] - s["u"])
    o = spike(h - 30)
    return {"spikes": o, "v": hard(h, o, -65), "u": u + p["d"] * o}


@neuron("izhikevich-halves", U, (15, 10), arctan(0.04), {"c": -55, "d": 4}, ("a", "b", "d"))
def _(s, x, p, spike):
    v = s["v"] + 0.5 * (0.04 * s["v"] ** 2 + 5 * s["v"] + 140 - s["u"] + x)
    v = v + 0.5 * (0.04 * v ** 2 + 5 * v + 140 - s["u"] + x)
    u = s["u"] + p["a"] * (p["b"] * v - s["u"])
    o = spike(v - 30)
    return {"spikes": o, "v": hard(v, o, -55), "u": u + p["d"] * o}


@neuron("resonate-and-fire", {"v": (0.4, 0), "u": (0.4, 0)}, (1.2, 0.4), settings={"omega": 0.8}, learnt=("damping", "omega"))
def _(s, x, p, spike):
    e = torch.exp(p["damping"])
    h = e * (s["u"] * torch.sin(p["omega"]) + s["v"] * torch.cos(p["omega"]))
    u = e * (s["u"] * torch.cos(p["omega"]) - s["v"] * torch.sin(p["omega"])) + x
    o = spike(h - 1)
    return {"spikes": o, "v": hard(h, o, 1), "u": u * (1 - o)}


@neuron("fire-first", {"v": (0.4, 0.5)}, (0.8, 0.7), settings={"tau": 0.7}, learnt=("tau",))
def _(s, x, p, spike):
    o = spike(s["v"] - 1)
    return {"spikes": o, "v": p["tau"] * s["v"] + x - o}


@neuron("ternary", {"v": (0.4, 0)}, (1, 0), rectangle, {"tau": 0.5}, ("tau",))
def _(s, x, p, spike):
    h = p["tau"] * s["v"] + x
    up, down = spike(h - 0.5), spike(-h - 0.5)
    return {"spikes": up - down, "v": h * (1 - up - down)}


@neuron("li", V, (0.8, 0.2), settings={"tau": 0.7}, learnt=("tau",), outputs=("v",))
def _(s, x, p, spike):
    return {"v": p["tau"] * s["v"] + x}


@neuron("cuba-li", {"i": (0.3, 0), "v": (0.3, 0)}, (0.8, 0.2), settings={"alpha": 0.6, "beta": 0.8}, learnt=("alpha", "beta"), outputs=("v",))
def _(s, x, p, spike):
    i = p["alpha"] * s["i"] + x
    return {"i": i, "v": p["beta"] * s["v"] + i}


@neuron("clif", {"v": (0.4, 0.1), "m": (0.5, 0.5)}, (0.8, 0.7), settings={"tau": 0.6, "vth": 0.9}, learnt=("tau", "vth"))
def _(s, x, p, spike):
    h = p["tau"] * s["v"] + x
    o = spike(h - p["vth"])
    m = s["m"] * sigmoid((1 - p["tau"]) * h) + o
    return {"spikes": o, "m": m, "v": h - o * (p["vth"] + sigmoid(m))}


@neuron("inflor", {"v": (0.6, 0.2)}, (1.2, 0.5), rectangle, {"tau": 0.9, "k": 4, "vth": 0.4, "by": 0.8}, ("tau", "k"))
def _(s, x, p, spike):
    h = p["tau"] * s["v"] + x
    u = h - p["vth"] + 0.5
    middle = torch.tanh(p["k"] * (u - 0.5)) / (2 * torch.tanh(p["k"] / 2)) + 0.5
    below = 1 - (1 - u).clamp(min=1) ** (1 / 3)
    above = u.clamp(min=1) ** (1 / 3)
    o = spike(torch.where(u < 0, below, torch.where(u > 1, above, middle)) - 0.5)
    return {"spikes": o, "v": h - p["by"] * o}


DEFAULTS = {"cuba-lif": {"beta": 0.5}, "alif": {"rho": 0.9}, "qif": {"a": 1}, "adex": {"tauW": 10, "delta": 0.2, "a": 0.05},
            "izhikevich": {"b": 0.2}, "izhikevich-halves": {"a": 0.02, "b": 0.2}, "resonate-and-fire": {"damping": -0.2},
            "glif": {"beta": 0.5, "leak": 0.1, "g": 0.5, "by": 0.5, "vth": 0.5}}


def case(name, states, x, slope, settings, learnt, called, outputs, step):
    current = drawn(T, N, spread=x[0], around=x[1]).requires_grad_()
    initial = {k: drawn(N, spread=a, around=b) for k, (a, b) in states.items()}
    for k in ("spikes",):  # a spike of the step before
        if k in initial:
            initial[k] = (initial[k] > 0.5).double()
    initial = {k: v.requires_grad_() for k, v in initial.items()}
    values = {**DEFAULTS.get(name, {}), **settings}
    parameters, leaves = {}, {}
    for key, value in values.items():
        label, of = called.get(key, (key, lambda v: v))
        parameters[label] = of(value)
        if key in learnt:
            leaves[label] = parameters[label] = torch.tensor([of(value)], dtype=torch.float64, requires_grad=True)
    spike = lambda u: Spike.apply(u, slope)
    now, given = dict(initial), {k: [] for k in outputs}
    for t in range(T):
        after = step(now, current[t], parameters, spike)
        now = {k: after[k] for k in states}
        for k in outputs:
            given[k].append(after[k])
    out = {k: torch.stack(v) for k, v in given.items()}
    g_out = {k: drawn(T, N) for k in outputs}
    g_last = {k: drawn(N) for k in states}
    loss = sum((out[k] * g_out[k]).sum() for k in outputs) + sum((now[k] * g_last[k]).sum() for k in states)
    loss.backward()
    short = lambda values: [float(f"{v:.13g}") for v in values.flatten().tolist()]
    flat = lambda tensors: {k: short(v.detach()) for k, v in tensors.items()}
    grad = lambda tensors: {k: short(torch.zeros_like(v) if v.grad is None else v.grad) for k, v in tensors.items()}
    return {
        "name": name, "settings": settings, "x": short(current.detach()), "initial": flat(initial),
        "gOutput": flat(g_out), "gLast": flat(g_last), "output": flat(out), "last": flat(now),
        "dx": short(current.grad), "dInitial": grad(initial), "dLearnt": grad(leaves),
    }


cases = [case(*one) for one in ZOO]
fired = {c["name"]: sum(map(abs, c["output"].get("spikes", [0]))) for c in cases}
path = pathlib.Path(__file__).with_name("vectors.json")
path.write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
print(path.stat().st_size, "bytes", fired)
assert all(2 < n < T * N - 2 for k, n in fired.items() if k not in ("li", "cuba-li")), fired
