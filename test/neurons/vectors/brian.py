# Writes brian.json: published neurons over 1,000 steps of a drawn current by Brian2 itself, with every method that it takes
# for each. The texts are Brian2's, to the letter; spikegrad reads the same ones. python brian.py; needs brian2 (2.9 with numpy
# below 2.4).
#
# Times are in ms. A monitor with when='end' records states after the reset, as spikegrad's states are; one as it is by
# default records them before the step.

import json
import pathlib

import brian2 as b2
from brian2.stateupdaters.exponential_euler import get_conditionally_linear_system

b2.prefs.codegen.target = "numpy"
b2.BrianLogger.suppress_hierarchy("brian2")
STEPS, KEPT = 1000, 40
METHODS = {"exact": "exact", "euler": "euler", "exponential_euler": "exponentialEuler", "rk4": "rk4"}


def drawn(seed, around, spread, held):
    """So many steps a number: Lehmer's generator, which the test computes too."""
    current, value = [], 0.0
    for t in range(STEPS):
        if t % held == 0:
            seed = seed * 16807 % 2147483647
            value = around + spread * (2 * seed / 2147483647 - 1)
        current.append(value)
    return current


MODELS = [
    {
        "name": "LIF", "source": "Lapicque 1907",
        "equations": "dv/dt = (x - v)/tau : 1", "threshold": "v > 1", "reset": "v = 0",
        "parameters": {"tau": 10}, "times": ["tau"], "dt": 1, "current": [11, 1.2, 1, 4],
    },
    {
        "name": "LIF in mV, refractory", "source": "Vogels & Abbott 2005",
        "equations": "dv/dt = (EL - v + x)/tau : 1 (unless refractory)", "threshold": "v >= vth", "reset": "v = vr",
        "parameters": {"tau": 20, "EL": -60, "vth": -50, "vr": -60}, "times": ["tau"], "dt": 0.5, "refractory": 9,
        "start": {"v": -60}, "current": [12, 14, 8, 5],
    },
    {
        "name": "ALIF", "source": "Bellec et al. 2018",
        "equations": "dv/dt = (x - v)/tau : 1\nda/dt = -a/tau_a : 1", "threshold": "v > 1 + beta*a", "reset": "v -= 1; a += 1",
        "parameters": {"tau": 20, "tau_a": 100, "beta": 0.3}, "times": ["tau", "tau_a"], "dt": 1, "refractory": 2,
        "current": [13, 2, 1.5, 3],
    },
    {
        "name": "LIF with subthreshold adaptation", "source": "Richardson, Brunel & Hakim 2003",
        "equations": "dv/dt = (x - v - w)/tau : 1\ndw/dt = (a*v - w)/tau_w : 1", "threshold": "v > 1", "reset": "v = 0; w += b",
        "parameters": {"tau": 10, "tau_w": 40, "a": 0.3, "b": 0.1}, "times": ["tau", "tau_w"], "dt": 0.5,
        "current": [14, 2.5, 2.5, 8],
    },
    {
        "name": "CUBA LIF", "source": "Vogels & Abbott 2005, one synapse",
        "equations": "dv/dt = (g - (v - EL))/tau : 1 (unless refractory)\ndg/dt = (x - g)/tau_s : 1",
        "threshold": "v > vth", "reset": "v = EL",
        "parameters": {"tau": 20, "tau_s": 5, "EL": -49, "vth": -45}, "times": ["tau", "tau_s"], "dt": 0.5, "refractory": 9,
        "start": {"v": -49}, "current": [15, 5, 6, 6],
    },
    {
        "name": "LIF with an alpha synapse", "source": "Rall 1967; equal time constants",
        "equations": "dv/dt = (g - v)/tau : 1\ndg/dt = (s - g)/tau : 1\nds/dt = (x - s)/tau : 1", "threshold": "v > 1", "reset": "v = 0",
        "parameters": {"tau": 8}, "times": ["tau"], "dt": 1, "current": [16, 1.3, 1, 9],
    },
    {
        "name": "QIF", "source": "Ermentrout & Kopell 1986",
        "equations": "dv/dt = (k*(v - vr)*(v - vc) + x)/tau : 1", "threshold": "v > vpeak", "reset": "v = vreset",
        "parameters": {"tau": 10, "k": 0.04, "vr": -60, "vc": -45, "vpeak": 0, "vreset": -65}, "times": ["tau"], "dt": 0.1,
        "start": {"v": -60}, "current": [17, 12, 12, 20],
    },
    {
        "name": "EIF", "source": "Fourcaud-Trocme et al. 2003",
        "equations": "dv/dt = (EL - v + D*exp((v - VT)/D) + x)/tau : 1 (unless refractory)", "threshold": "v > vpeak", "reset": "v = EL",
        "parameters": {"tau": 12, "EL": -65, "VT": -59.9, "D": 3.48, "vpeak": -30}, "times": ["tau"], "dt": 0.1, "refractory": 16,
        "start": {"v": -65}, "current": [18, 10, 12, 15],
    },
    {
        "name": "AdEx", "source": "Brette & Gerstner 2005",
        "equations": "dv/dt = (gL*(EL - v) + gL*DT*exp((v - VT)/DT) + x - w)/C : 1\ndw/dt = (a*(v - EL) - w)/tau_w : 1",
        "threshold": "v > Vcut", "reset": "v = Vr; w += b",
        "parameters": {"C": 281, "gL": 30, "EL": -70.6, "VT": -50.4, "DT": 2, "tau_w": 144, "a": 4, "b": 80.5, "Vr": -70.6, "Vcut": -40.4},
        "times": ["C", "tau_w"], "dt": 0.1, "start": {"v": -70.6}, "current": [19, 1100, 500, 25],
    },
    {
        "name": "Izhikevich", "source": "Izhikevich 2003, regular spiking",
        "equations": "dv/dt = (0.04*v**2 + 5*v + 140 - u + x)/T : 1\ndu/dt = a*(b*v - u)/T : 1", "threshold": "v >= 30", "reset": "v = c; u += d",
        "parameters": {"T": 1, "a": 0.02, "b": 0.2, "c": -65, "d": 8}, "times": ["T"], "dt": 0.5, "start": {"v": -65, "u": -13},
        "current": [20, 10, 8, 10],
    },
    {
        "name": "FitzHugh-Nagumo", "source": "FitzHugh 1961, Nagumo et al. 1962",
        "equations": "dv/dt = (v - v**3/3 - w + x)/T : 1\ndw/dt = (v + a - b*w)/tau : 1", "threshold": "v > 1", "refractory": "v > 1",
        "parameters": {"T": 1, "tau": 12.5, "a": 0.7, "b": 0.8}, "times": ["T", "tau"], "dt": 0.2, "start": {"v": -1.2, "w": -0.6},
        "current": [21, 0.5, 0.6, 20],
    },
    {
        "name": "Morris-Lecar", "source": "Morris & Lecar 1981, class II of Rinzel & Ermentrout",
        "equations": "dv/dt = (gL*(EL - v) + gCa*minf*(ECa - v) + gK*n*(EK - v) + x)/C : 1\n"
        "dn/dt = phi*(ninf - n)*cosh_n/T : 1\nminf = 0.5*(1 + tanh((v - V1)/V2)) : 1\nninf = 0.5*(1 + tanh((v - V3)/V4)) : 1\n"
        "cosh_n = 0.5*(exp((v - V3)/(2*V4)) + exp(-(v - V3)/(2*V4))) : 1",
        "threshold": "v > 0", "refractory": "v > 0",
        "parameters": {"C": 20, "T": 1, "gL": 2, "gCa": 4.4, "gK": 8, "EL": -60, "ECa": 120, "EK": -84, "V1": -1.2, "V2": 18, "V3": 2,
                       "V4": 30, "phi": 0.04}, "times": ["C", "T"], "dt": 0.5, "start": {"v": -60, "n": 0.015}, "current": [22, 100, 40, 40],
    },
    {
        "name": "Hindmarsh-Rose", "source": "Hindmarsh & Rose 1984",
        "equations": "dv/dt = (y - a*v**3 + b*v**2 - z + x)/T : 1\ndy/dt = (c - d*v**2 - y)/T : 1\ndz/dt = r*(s*(v - vr) - z)/T : 1",
        "threshold": "v > 1", "refractory": "v > 1",
        "parameters": {"T": 1, "a": 1, "b": 3, "c": 1, "d": 5, "r": 0.006, "s": 4, "vr": -1.6}, "times": ["T"], "dt": 0.1,
        "start": {"v": -1.5, "y": -10, "z": 1.8}, "current": [23, 3, 1, 50],
    },
    {
        "name": "Hodgkin-Huxley", "source": "Hodgkin & Huxley 1952, rest at -65 mV",
        "equations": "dv/dt = (gL*(EL - v) + gNa*m**3*h*(ENa - v) + gK*n**4*(EK - v) + x)/C : 1\n"
        "dm/dt = (am*(1 - m) - bm*m)/T : 1\ndh/dt = (ah*(1 - h) - bh*h)/T : 1\ndn/dt = (an*(1 - n) - bn*n)/T : 1\n"
        "am = 1/exprel(-(v + 40)/10) : 1\nbm = 4*exp(-(v + 65)/18) : 1\nah = 0.07*exp(-(v + 65)/20) : 1\n"
        "bh = 1/(1 + exp(-(v + 35)/10)) : 1\nan = 0.1/exprel(-(v + 55)/10) : 1\nbn = 0.125*exp(-(v + 65)/80) : 1",
        "threshold": "v > 0", "refractory": "v > 0",
        "parameters": {"C": 1, "T": 1, "gL": 0.3, "gNa": 120, "gK": 36, "EL": -54.387, "ENa": 50, "EK": -77}, "times": ["C", "T"],
        "dt": 0.04, "start": {"v": -65, "m": 0.0529, "h": 0.5961, "n": 0.3177}, "current": [24, 12, 10, 100],
    },
]


def run(model, method):
    b2.start_scope()
    b2.defaultclock.dt = model["dt"] * b2.ms
    namespace = {k: v * b2.ms if k in model["times"] else v for k, v in model["parameters"].items()}
    namespace["cur"] = b2.TimedArray(drawn(*model["current"]), dt=model["dt"] * b2.ms)
    # of n steps without a spike here, n + 1 lie between two spikes there
    refractory = model.get("refractory", 0)
    blocked = {} if refractory == 0 else {"refractory": refractory if isinstance(refractory, str) else (refractory + 1) * model["dt"] * b2.ms}
    reset = {"reset": model["reset"]} if "reset" in model else {}
    group = b2.NeuronGroup(1, model["equations"] + "\nx : 1", threshold=model["threshold"], method=method, namespace=namespace, **reset, **blocked)
    group.run_regularly("x = cur(t)", when="start")
    states = list(group.equations.diff_eq_names)
    for name, value in model.get("start", {}).items():
        setattr(group, name, value)
    trace, spikes = b2.StateMonitor(group, states, record=True, when="end"), b2.SpikeMonitor(group)
    network = b2.Network(group, trace, spikes)
    network.run(STEPS * model["dt"] * b2.ms)
    steps = [round(float(t / (model["dt"] * b2.ms))) for t in spikes.t]
    # sorted: Brian2 keeps names in a set
    split = {"split": True} if method == "exponential_euler" and is_split(group) else {}
    return {**split, "spikes": steps, "trace": {k: [float(v) for v in getattr(trace, k)[0][KEPT - 1 :: KEPT]] for k in sorted(states)}}


def is_split(group):
    """Whether a part of an equation that exponential_euler holds over the step has the equation's own state in it."""
    parts = get_conditionally_linear_system(group.equations, group.variables)
    return any(str(symbol) == state for state, pair in parts.items() for part in pair if part != 0 for symbol in part.free_symbols)


def runs(model):
    found, refused = {}, []
    for theirs, ours in METHODS.items():
        try:
            found[ours] = run(model, theirs)
        except b2.stateupdaters.base.UnsupportedEquationsException:
            refused.append(ours)
        except b2.BrianObjectException as error:
            if not isinstance(error.__cause__, b2.stateupdaters.base.UnsupportedEquationsException):
                raise
            refused.append(ours)
    return found, refused


cases = []
for model in MODELS:
    found, refused = runs(model)
    cases.append({**model, "runs": found, "refused": refused})
    print(model["name"], {k: len(v["spikes"]) for k, v in found.items()}, "refused", refused)
path = pathlib.Path(__file__).with_name("brian.json")
path.write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
print(path.stat().st_size, "bytes, Brian2", b2.__version__)
