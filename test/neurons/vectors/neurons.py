# Writes neurons.json: neurons over 12 steps by PyTorch's autograd in f64, each written out by hand beside the
# equations that the test gives to neuron(). python neurons.py; needs torch.

import json
import math
import pathlib

import torch

T, N, CHANNELS = 12, 4, 2
random = torch.Generator().manual_seed(26)


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


SLOPES = {
    "arctan": lambda u: 1 / (1 + (math.pi * u) ** 2),
    "rectangular": lambda u: (u.abs() < 0.5).to(u),
    "sigmoidal": lambda u: 4 * torch.sigmoid(4 * u) * (1 - torch.sigmoid(4 * u)),
    "triangular": lambda u: (1 - u.abs()).clamp(min=0),
    "fastSigmoid": lambda u: 1 / (1 + 10 * u.abs()) ** 2,
}


def drawn(*shape, spread=1.0, around=0.0):
    return ((torch.rand(shape, generator=random, dtype=torch.float64) - 0.5) * 2 * spread + around).mul(1000).round() / 1000


def case(name, equations, step, states, outputs=("spikes",), surrogate="arctan", constants=None, learnable=None,
         per=None, x=(0.8, 0.5), functions=None, seed=1.0):
    """step(s, x, p, spike) gives next states and every value by name; states: (spread, around) of where each starts."""
    learnable = learnable or {}
    current = drawn(T, N, spread=x[0], around=x[1]).requires_grad_()
    initial = {k: drawn(N, spread=a, around=b).requires_grad_() for k, (a, b) in states.items()}
    learnt = {k: (drawn(CHANNELS, spread=0.1, around=v) if per == "channel" else torch.tensor([v], dtype=torch.float64)).requires_grad_()
              for k, v in learnable.items()}
    parameters = {**(constants or {}), **{k: v.repeat(N // CHANNELS) if per == "channel" else v for k, v in learnt.items()}}
    spike = lambda u: Spike.apply(u, SLOPES[surrogate])
    now, given = dict(initial), {k: [] for k in outputs}
    for t in range(T):
        values = step(now, current[t], parameters, spike)
        now = {k: values[k] for k in states}
        for k in outputs:
            given[k].append(values[k])
    out = {k: torch.stack(v) for k, v in given.items()}
    g_out = {k: drawn(T, N, spread=seed) for k in outputs}
    g_last = {k: drawn(N, spread=seed) for k in states}
    loss = sum((out[k] * g_out[k]).sum() for k in outputs) + sum((now[k] * g_last[k]).sum() for k in states)
    loss.backward()
    flat = lambda tensors: {k: v.detach().flatten().tolist() for k, v in tensors.items()}
    grad = lambda tensors: {k: (torch.zeros_like(v) if v.grad is None else v.grad).flatten().tolist() for k, v in tensors.items()}
    return {
        "name": name, "equations": equations, "outputs": list(outputs), "surrogate": surrogate,
        "constants": constants or {}, "learnable": learnable, "per": per or "layer", "functions": functions or [],
        "x": current.detach().flatten().tolist(), "initial": flat(initial), "learnt": flat(learnt),
        "gOutput": flat(g_out), "gLast": flat(g_last), "output": flat(out), "last": flat(now),
        "dx": current.grad.flatten().tolist(), "dInitial": grad(initial), "dLearnt": grad(learnt),
    }


def lif(reset):
    def step(s, x, p, spike):
        h = 0.25 * s["v"] + x
        o = spike(h - 0.5)
        return {"h": h, "spikes": o, "v": reset(h, o)}
    return step


def mpr(s, x, p, spike):
    h = 0.25 * s["v"] + x
    o = spike(torch.tanh(3 * (h - 0.5)) / (2 * math.tanh(1.5)) + 0.5 - 0.5)
    return {"h": h, "spikes": o, "v": h * (1 - o)}


def plif(s, x, p, spike):
    h = s["v"] + (x - s["v"]) * torch.sigmoid(p["w"])
    o = spike(h - 0.5)
    return {"h": h, "spikes": o, "v": h * (1 - o)}


def per_channel(s, x, p, spike):
    h = p["tau"] * s["v"] + x
    o = spike(h - p["vth"])
    return {"h": h, "spikes": o, "v": h - p["vth"] * o}


def alif(s, x, p, spike):
    h = p["tau"] * s["v"] + x
    o = spike(h - 1 - p["beta"] * s["a"])
    return {"h": h, "spikes": o, "v": h * (1 - o), "a": p["rho"] * s["a"] + o}


def cuba(s, x, p, spike):
    i = p["a"] * s["i"] + x
    h = p["b"] * s["v"] + i
    o = spike(h - 1)
    return {"i": i, "h": h, "spikes": o, "v": h - o}


def refractory(s, x, p, spike):
    h = torch.where(s["r"] > 0, 0.0, 0.8 * s["v"] + x)
    o = spike(h - 1)
    return {"h": h, "spikes": o, "v": h * (1 - o), "r": torch.where(o > 0.5, 2.0, (s["r"] - 1).clamp(min=0))}


def qif(s, x, p, spike):
    h = s["v"] + p["dt"] * ((s["v"] - 0.2) * (s["v"] - 1) + x)
    o = spike(h - 1.5)
    return {"h": h, "spikes": o, "v": torch.where(o > 0.5, -0.3, h)}


def eif(s, x, p, spike):
    h = s["v"] + 0.3 * (-s["v"] + p["delta"] * torch.exp((s["v"] - 0.7) / p["delta"]) + x)
    o = spike(h - 1)
    return {"h": h, "spikes": o, "v": h * (1 - o) - 0.1 * o}


def izhikevich(s, x, p, spike):
    h = s["v"] + 0.5 * (0.04 * s["v"] ** 2 + 5 * s["v"] + 140 - s["u"] + x)
    w = s["u"] + 0.5 * p["a"] * (0.2 * s["v"] - s["u"])
    o = spike((h - 30) / 10)
    return {"h": h, "spikes": o, "v": h * (1 - o) - 65 * o, "u": w + 8 * o}


def li(s, x, p, spike):
    return {"v": p["tau"] * s["v"] + x}


CHARGE = "h = 0.25*v + x; spikes = spike(h - 0.5); "
V = {"v": (0.4, 0.1)}
cases = [
    case("LIF, hard reset", CHARGE + "v = h*(1 - spikes)", lif(lambda h, o: h * (1 - o)), V, surrogate="rectangular"),
    case("LIF, soft reset", CHARGE + "v = h - 0.5*spikes", lif(lambda h, o: h - 0.5 * o), V, ("spikes", "h")),
    case("LIF, detached reset", CHARGE + "v = h*(1 - detach(spikes))", lif(lambda h, o: h * (1 - o.detach())), V, surrogate="sigmoidal"),
    case("LIF-MPR", "h = 0.25*v + x; spikes = spike(phi(h) - 0.5); v = h*(1 - spikes)", mpr, V, surrogate="rectangular", functions=["mpr"]),
    case("PLIF", "h = v + (x - v)*sigmoid(w); spikes = spike(h - 0.5); v = h*(1 - spikes)", plif, V, learnable={"w": -0.4}, surrogate="triangular"),
    case("LIF by channel", "h = tau*v + x; spikes = spike(h - vth); v = h - vth*spikes", per_channel, V, learnable={"tau": 0.6, "vth": 0.7}, per="channel"),
    case("ALIF", "h = tau*v + x; spikes = spike(h - 1 - beta*a); v = h*(1 - spikes); a = rho*a + spikes", alif,
         {"v": (0.4, 0), "a": (0.5, 0.5)}, ("spikes", "h"), learnable={"tau": 0.8, "beta": 0.2, "rho": 0.9}, surrogate="fastSigmoid"),
    case("CUBA", "i = a*i + x; h = b*v + i; spikes = spike(h - 1); v = h - spikes", cuba, {"i": (0.3, 0), "v": (0.3, 0)},
         learnable={"a": 0.5, "b": 0.7}),
    case("refractory", "h = r > 0 ? 0 : 0.8*v + x; spikes = spike(h - 1); v = h*(1 - spikes); r = spikes > 0.5 ? 2 : max(r - 1, 0)",
         refractory, {"v": (0.4, 0), "r": (1, 0)}),
    case("QIF", "h = v + dt*((v - 0.2)*(v - 1) + x); spikes = spike(h - 1.5); v = spikes > 0.5 ? -0.3 : h", qif, {"v": (0.5, 0)},
         learnable={"dt": 0.5}, x=(1.5, 1)),
    case("EIF", "h = v + 0.3*(-v + delta*exp((v - 0.7)/delta) + x); spikes = spike(h - 1); v = h*(1 - spikes) - 0.1*spikes", eif,
         {"v": (0.4, 0)}, learnable={"delta": 0.25}, x=(1, 0.8)),
    case("Izhikevich", "h = v + 0.5*(0.04*v^2 + 5*v + 140 - u + x); w = u + 0.5*a*(0.2*v - u); spikes = spike((h - 30)/10); "
         "v = h*(1 - spikes) - 65*spikes; u = w + 8*spikes", izhikevich, {"v": (5, -65), "u": (2, -13)}, constants={"a": 0.02}, x=(20, 20)),
    case("LI", "v = tau*v + x", li, V, ("v",), learnable={"tau": 0.8}),
]
fired = {c["name"]: sum(c["output"].get("spikes", [0])) for c in cases}
assert all(n > 2 for k, n in fired.items() if k != "LI"), fired
path = pathlib.Path(__file__).with_name("neurons.json")
path.write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
print(path.stat().st_size, "bytes", fired)
