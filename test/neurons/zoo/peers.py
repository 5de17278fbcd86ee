# Writes peers.json: spikes of neurons of the zoo as other libraries give them, for one drawn current at the scale of each.
# python peers.py torch|brian2|spyx makes those of one anew: torch, snntorch 1.0, spikingjelly 2.0, norse 1.1 and sinabs 3.1
# together; brian2 2.9, which needs numpy below 2; spyx 1.0.

import json
import math
import pathlib
import sys

import numpy as np

T, N = 120, 4
random = np.random.default_rng(27)
BASE = np.round(random.random((T, N)) - 0.5, 3)
path = pathlib.Path(__file__).with_name("peers.json")
cases = []


def current(x):
    spread, around = x
    return BASE * 2 * spread + around


def add(peer, name, settings, x, spikes, **more):
    """`settings` are those of the zoo that make the same neuron, `feedback` a map [out,in] of what comes back."""
    spikes = np.asarray(spikes).reshape(T, N)
    fired = np.abs(spikes).mean()
    assert 0.02 < fired < 0.9, (peer, name, fired)
    rows = ["".join({0: "0", 1: "1", -1: "-"}[int(round(v))] for v in column) for column in spikes.T]
    cases.append({"peer": peer, "name": name, "settings": settings, "spread": x[0], "around": x[1], "spikes": rows, **more})


def torch_peers():
    import torch

    torch.set_default_dtype(torch.float64)
    from norse.torch.functional import izhikevich, lif, lif_adex, lif_box, lif_ex, lif_refrac, lsnn
    import sinabs.activation as sa
    import sinabs.layers as sl
    import snntorch as snn
    from spikingjelly.activation_based import neuron as sj, surrogate

    t = lambda value: torch.as_tensor(value, dtype=torch.float64)

    def steps(x, step):
        return torch.stack([step(row) for row in torch.from_numpy(current(x))]).detach().numpy()

    def snntorch(cell, x):
        states = [torch.zeros(N) for _ in range({"Leaky": 1, "Synaptic": 2, "Alpha": 3}[type(cell).__name__])]

        def step(row):
            nonlocal states
            spikes, *states = cell(row, *states)
            return spikes
        return steps(x, step)

    x = (0.8, 0.5)
    for reset, delay, name, settings in [
        ("zero", False, "lif", {"vReset": 0}), ("subtract", False, "lif-soft", {"by": 1}),
        ("none", False, "lif-no-reset", {}), ("subtract", True, "lif-delayed", {"by": 1}), ("zero", True, "lif-delayed-hard", {}),
    ]:
        # not so strong that a membrane is above the threshold after its reset: snnTorch would then compare one that it
        # has reset twice (mem_reset of the step after, before do_reset takes it back)
        x = (0.8, 0.1) if reset == "none" else (0.6, 0.3)
        cell = snn.Leaky(beta=0.7, threshold=0.9, reset_mechanism=reset, reset_delay=delay)
        add("snnTorch", name, {"tau": 0.7, "vth": 0.9, **settings}, x, snntorch(cell, x))
    weight = np.round(random.random((N, N)) - 0.5, 2) * 2
    cell = snn.RLeaky(beta=0.7, threshold=0.9, linear_features=N, reset_mechanism="subtract")
    cell.recurrent.weight.data, cell.recurrent.bias.data = t(weight), t([0.1, 0, -0.1, 0.2])
    spk, mem = torch.zeros(N), torch.zeros(N)
    rows = []
    for row in torch.from_numpy(current((0.6, 0.3))):
        spk, mem = cell(row, spk.double(), mem)
        rows.append(spk.detach().numpy())
    add("snnTorch", "lif-delayed", {"tau": 0.7, "vth": 0.9, "by": 1}, (0.6, 0.3), np.stack(rows),
        feedback={"weight": weight.flatten().tolist(), "bias": [0.1, 0, -0.1, 0.2]})
    cell = snn.Synaptic(alpha=0.6, beta=0.7, threshold=1.0, reset_mechanism="subtract", reset_delay=False)
    add("snnTorch", "synaptic", {"alpha": 0.6, "beta": 0.7}, (0.4, 0.05), snntorch(cell, (0.4, 0.05)))
    cell = snn.Synaptic(alpha=0.6, beta=0.7, threshold=1.0, reset_mechanism="zero", reset_delay=False)
    add("snnTorch", "cuba-lif", {"alpha": 0.6, "beta": 0.7}, (0.4, 0.05), snntorch(cell, (0.4, 0.05)))
    cell = snn.Alpha(alpha=0.85, beta=0.6, threshold=0.5, reset_mechanism="zero")
    add("snnTorch", "alpha", {"alpha": 0.85, "beta": 0.6}, (0.8, 0.4), snntorch(cell, (0.8, 0.4)))

    def jelly(name, node, settings, x):
        node.eval()
        node.v = torch.zeros(N)  # theirs starts at v_reset
        add("SpikingJelly", name, settings, x, steps(x, node))

    jelly("if", sj.IFNode(v_threshold=1.0, v_reset=0.0), {}, (0.8, 0.4))
    jelly("lif", sj.LIFNode(tau=2.0, decay_input=False, v_threshold=1.0, v_reset=0.0), {"tau": 0.5, "vth": 1}, (0.8, 0.7))
    jelly("lif-soft", sj.LIFNode(tau=2.0, decay_input=False, v_threshold=1.0, v_reset=None), {"tau": 0.5, "vth": 1, "by": 1}, (0.8, 0.7))
    jelly("plif", sj.ParametricLIFNode(init_tau=3.0, decay_input=True), {"tau": 3}, (1.5, 1.3))
    klif = sj.KLIFNode(tau=2.5)
    klif.k.data = torch.tensor(1.3)
    jelly("klif", klif, {"tau": 2.5, "k": 1.3}, (1.5, 1.2))
    jelly("qif", sj.QIFNode(tau=1.5, v_c=0.8, a0=1.0, v_threshold=1.0, v_rest=0.0, v_reset=-0.1), {"tau": 1.5}, (1.5, 0.9))
    jelly("eif", sj.EIFNode(tau=1.5, delta_T=0.3, theta_rh=0.8, v_threshold=1.0, v_rest=0.0, v_reset=-0.1), {"tau": 1.5, "delta": 0.3}, (1.5, 0.9))
    jelly("resonate-and-fire", sj.RAFNode(b=-0.1, omega=0.8, v_threshold=1.0, v_reset=0.0), {"damping": -0.1, "omega": 0.8, "vReset": 0, "clear": 0}, (1.2, 0.3))
    jelly("ternary", sj.TernaryLIFNode(tau=2.0, decay_input=False, v_threshold=0.7, v_reset=0.0), {"tau": 0.5, "vth": 0.7}, (1, 0.1))
    jelly("clif", sj.ComplementaryLIFNode(tau=2.5, v_threshold=0.9), {"tau": 0.6, "vth": 0.9}, (1, 0.8))
    jelly("lif-detached", sj.LIFNode(tau=2.5, decay_input=False, v_threshold=1.0, v_reset=0.0, detach_reset=True), {"tau": 0.6, "vth": 1}, (0.8, 0.5))
    current_and_v = [torch.zeros(N), torch.zeros(N)]
    from spikingjelly.activation_based.functional.neuron import cuba_lif_step

    def cuba(row):
        spike, *current_and_v[:] = cuba_lif_step(row, *current_and_v, 0.6, 0.7, 1.0, 0.0, surrogate.Sigmoid())
        return spike

    add("SpikingJelly", "cuba-lif", {"alpha": 0.6, "beta": 0.7}, (0.8, 0.2), steps((0.8, 0.2), cuba))
    gates = {"alpha": 0.6, "beta": 0.4, "gamma": 0.3, "tau": 0.4, "leak": 0.1, "g": 0.7, "by": 0.5, "vth": 0.5}
    glif = sj.GatedLIFNode(T=T, init_linear_decay=0.1, init_v_subreset=0.5, init_tau=0.4, init_v_threshold=0.5, init_conduct=0.7)
    for gate in ("alpha", "beta", "gamma"):
        getattr(glif, gate).data = t(-math.log(1 / gates[gate] - 1))
    for parameter in glif.parameters():
        parameter.data = parameter.data.double()
    for key, parameter in {"tau": glif.tau, "leak": glif.linear_decay, "by": glif.v_subreset, "vth": glif.v_threshold, "g": glif.conduct}.items():
        parameter.data.fill_(-math.log(1 / gates[key] - 1))  # they were rounded to f32
    x = (1.2, 0.6)
    spikes = glif(torch.from_numpy(current(x)).reshape(T, N, 1, 1, 1)).detach().numpy()
    add("SpikingJelly", "glif", gates, x, spikes)

    def norse(name, step, state, p, settings, x, dt=0.001, late=False):
        def one(row):
            nonlocal state
            z, state = step(row, state, p, dt)
            return z
        spikes = steps(x, one)
        if late:  # its input acts one step later
            spikes = np.concatenate([spikes[1:], one(torch.zeros(N)).detach().numpy()[None]])
        add("Norse", name, settings, x, spikes)

    zero = torch.zeros(N)
    p = lif_box.LIFBoxParameters(tau_mem_inv=t(300.0))
    norse("lif", lambda row, s, p, dt: lif_box.lif_box_feed_forward_step(row / 0.3, s, p, dt),
          lif_box.LIFBoxFeedForwardState(v=zero), p, {"tau": 0.7, "vth": 1}, (0.8, 0.6))
    p = lif_adex.LIFAdExParameters(adaptation_current=t(0.1), adaptation_spike=t(0.2), delta_T=t(0.3), tau_ada_inv=t(100.0),
                                   tau_syn_inv=t(1000.0), tau_mem_inv=t(500.0), v_th=t(1.0), v_reset=t(0.0))
    norse("adex", lif_adex.lif_adex_feed_forward_step, lif_adex.LIFAdExFeedForwardState(zero, zero, zero), p,
          {"a": 0.1, "b": 0.2, "delta": 0.3, "tauW": 10, "tau": 2, "vT": 1, "vth": 1, "vReset": 0}, (1.5, 1.4))
    p = lif_ex.LIFExParameters(delta_T=t(0.3), tau_syn_inv=t(1000.0), tau_mem_inv=t(500.0), v_th=t(1.0), v_reset=t(0.0))
    norse("eif", lif_ex.lif_ex_feed_forward_step, lif_ex.LIFExFeedForwardState(zero, zero), p,
          {"delta": 0.3, "tau": 2, "vT": 1, "vth": 1, "vReset": 0}, (1.5, 1.2))
    p = lif.LIFParameters(tau_syn_inv=t(400.0), tau_mem_inv=t(300.0), v_th=t(1.0), v_reset=t(0.0))
    norse("cuba-lif", lambda row, s, p, dt: lif.lif_feed_forward_step(row / 0.3, s, p, dt), lif.LIFFeedForwardState(zero, zero), p,
          {"alpha": 0.6, "beta": 0.7}, (0.6, 0.2))
    p = lif_refrac.LIFRefracParameters(lif.LIFParameters(tau_syn_inv=t(1000.0), tau_mem_inv=t(300.0), v_th=t(1.0)), t(2.0))
    norse("lif-refractory", lambda row, s, p, dt: lif_refrac.lif_refrac_feed_forward_step(row / 0.3, s, p, dt),
          lif_refrac.LIFRefracFeedForwardState(lif.LIFFeedForwardState(zero, zero), zero), p, {"tau": 0.7, "steps": 2}, (0.8, 0.8))
    p = izhikevich.IzhikevichParameters(a=0.1, b=0.2, c=-65.0, d=2.0)
    norse("izhikevich", izhikevich.izhikevich_feed_forward_step, izhikevich.IzhikevichState(zero - 65, zero - 13), p,
          {"a": 0.1, "d": 2, "dt": 0.25}, (20, 15))
    p = lsnn.LSNNParameters(tau_syn_inv=t(1000.0), tau_mem_inv=t(300.0), tau_adapt_inv=t(100.0), v_th=t(1.0), beta=t(0.4))
    norse("alif", lambda row, s, p, dt: lsnn.lsnn_feed_forward_step(row / 0.3, s, p, dt),
          lsnn.LSNNFeedForwardState(zero, zero, zero + 1), p, {"tau": 0.7, "rho": 0.9, "beta": 0.36, "vth": 1}, (0.8, 0.8), late=True)

    def sinabs(name, layer, settings, x):
        out = layer(torch.from_numpy(current(x).T.copy()).reshape(N, T, 1))  # batch, time, neurons
        add("Sinabs", name, settings, x, out.detach().numpy().reshape(N, T).T)

    single = dict(spike_fn=sa.SingleSpike)
    tau = t(-1 / math.log(0.7))
    sinabs("lif-soft", sl.LIF(tau_mem=tau, norm_input=False, reset_fn=sa.MembraneSubtract(), **single), {"tau": 0.7, "vth": 1, "by": 1}, (0.8, 0.5))
    sinabs("lif", sl.LIF(tau_mem=tau, norm_input=False, reset_fn=sa.MembraneReset(), **single), {"tau": 0.7, "vth": 1}, (0.8, 0.5))
    sinabs("lif-soft", sl.IAF(**single), {"tau": 1, "vth": 1, "by": 1}, (0.8, 0.4))


def brian_peers():
    import brian2 as b

    b.prefs.codegen.target = "numpy"

    def brian(name, equations, threshold, reset, settings, x, method="euler", dt=1.0, start=None, **more):
        """Numbers without units, a step of dt."""
        b.start_scope()
        b.defaultclock.dt = dt * b.second
        namespace = {"current": b.TimedArray(current(x), dt=dt * b.second), "one": b.second}
        group = b.NeuronGroup(N, equations, threshold=threshold, reset=reset, method=method, namespace=namespace, **more)
        for key, value in (start or {}).items():
            setattr(group, key, value)
        seen = b.SpikeMonitor(group)
        b.Network(group, seen).run(T * dt * b.second)
        spikes = np.zeros((T, N))
        spikes[np.round(np.asarray(seen.t / b.second) / dt).astype(int), np.asarray(seen.i)] = 1
        add("Brian2", name, settings, x, spikes)

    I = "current(t, i)"
    brian("lif", f"dv/dt = (-v + {I}/0.3)*0.3/one : 1", "v > 1", "v = 0", {"tau": 0.7, "vth": 1}, (0.8, 0.6))
    brian("lif-soft", f"dv/dt = (-v + {I}/0.3)*0.3/one : 1", "v > 1", "v -= 0.8", {"tau": 0.7, "vth": 1, "by": 0.8}, (0.8, 0.6))
    brian("lif-refractory", f"dv/dt = (-v + {I}/0.3)*0.3/one : 1 (unless refractory)", "v > 1", "v = 0",
          {"tau": 0.7, "steps": 2}, (0.8, 0.8), refractory=3 * b.second)
    brian("synaptic", f"dv/dt = (-0.3*v + 0.6*j + {I})/one : 1\ndj/dt = (-0.4*j + {I})/one : 1", "v > 1", "v -= 1",
          {"alpha": 0.6, "beta": 0.7}, (0.8, 0.2))
    brian("qif", f"dv/dt = (v*(v - 0.8) + {I})/(1.5*one) : 1", "v > 1", "v = -0.1", {"tau": 1.5}, (1.5, 0.9))
    brian("eif", f"dv/dt = (-v + 0.3*exp((v - 0.8)/0.3) + {I})/(1.5*one) : 1", "v > 1", "v = -0.1", {"tau": 1.5, "delta": 0.3}, (1.5, 0.9))
    brian("adex", f"dv/dt = (-v + 0.3*exp((v - 0.8)/0.3) - w + {I})/(1.5*one) : 1\ndw/dt = (0.1*v - w)/(8*one) : 1",
          "v > 1", "v = 0; w += 0.2", {"tau": 1.5, "delta": 0.3, "a": 0.1, "b": 0.2, "tauW": 8}, (1.5, 1))
    brian("izhikevich", f"dv/dt = (0.04*v**2 + 5*v + 140 - u + {I})/one : 1\ndu/dt = 0.02*(0.2*v - u)/one : 1",
          "v > 30", "v = -65; u += 8", {"dt": 0.5}, (20, 15), dt=0.5, start={"v": -65, "u": -13})


def spyx_peers():
    import jax
    from flax import nnx

    jax.config.update("jax_enable_x64", True)
    import spyx.nn

    cell = spyx.nn.LIF((N,), beta=0.75, threshold=1.0, rngs=nnx.Rngs(0))  # 0.75 and 1 are themselves in f32
    v, spikes = np.zeros(N), []
    for row in current((0.8, 0.5)):
        spike, v = cell(row, v)
        spikes.append(np.asarray(spike))
    add("spyx", "fire-first", {"tau": 0.75}, (0.8, 0.5), np.stack(spikes))


makers = {"torch": torch_peers, "brian2": brian_peers, "spyx": spyx_peers}
ALONE = {"Brian2": "brian2", "spyx": "spyx"}
chosen = sys.argv[1]
if path.exists():
    cases = [case for case in json.loads(path.read_text())["cases"] if ALONE.get(case["peer"], "torch") != chosen]
makers[chosen]()
text = ",\n".join(json.dumps(case) for case in sorted(cases, key=lambda case: (case["peer"], case["name"], str(case["settings"]))))
path.write_text(f'{{"base": {json.dumps(BASE.flatten().tolist())},\n"cases": [\n{text}\n]}}\n')
print(path.stat().st_size, "bytes", [(case["peer"], case["name"], sum(row.count("0") for row in case["spikes"])) for case in cases])
