#!/usr/bin/env bash
# snnTorch reads NIR neurons of different time constants with the threshold of the slowest one.
#
# What happens: a NIR LIF node has tau for each of its neurons. snnTorch 1.0.0's import_from_nir gives each neuron its own decay,
# beta = 1 - dt/tau, but instead of scaling the input by r·dt/tau it divides the threshold by that factor, and takes the
# smallest of the node's factors for all: the threshold of the neuron with the longest tau. All faster neurons then have one
# that is too high, by the ratio of the time constants. Three neurons with tau of 5, 10 and 20 ms that get the same input
# should all fire; read by snnTorch the first two never do.
#
# Why a good guess is wrong: decays arrive one a neuron, the state has the right shape, and nothing is raised: a line says "scaling
# weights to avoid scaling inputs", though no weight is scaled. Thresholds that differ are refused ("v_threshold must be same for all
# neurons"), and that check looks at the threshold after the one factor was taken. With one tau for all, everything is right.
#
# Whom it hits here: whoever writes a network whose time constants were learnt by channel (plif, alif) by toNir for snnTorch.
# SpikingJelly refuses such a node; Norse and spikegrad read it neuron by neuron.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q --disable-pip-version-check torch==2.15.0 numpy==2.4.6 nir==1.0.8 nirtorch==2.6 snntorch==1.0.0
cat > run.py <<'PY'
import contextlib, importlib.metadata, io, warnings

warnings.simplefilter("ignore")
import nir, numpy, torch
from snntorch.import_nir import import_from_nir

for name in ("snntorch", "nir", "torch"):
    print(name, importlib.metadata.version(name))
STEPS, DT, INPUT = 400, 1e-4, 1.3


def equations(tau):
    """NIR's LIF by Euler's steps: v += dt/tau·(r·i - v), a spike above the threshold 1, then v = 0."""
    v, spikes = numpy.zeros_like(tau), numpy.zeros_like(tau)
    for _ in range(STEPS):
        v = v + DT / tau * (INPUT - v)
        fired = v > 1
        v, spikes = numpy.where(fired, 0, v), spikes + fired
    return spikes.astype(int).tolist()


def snntorch(tau):
    n = len(tau)
    one, zero = numpy.ones(n), numpy.zeros(n)
    nodes = {
        "input": nir.Input(numpy.array([n])),
        "linear": nir.Linear(numpy.eye(n)),
        "lif": nir.LIF(tau=tau, r=one, v_leak=zero, v_threshold=one, v_reset=zero),
        "output": nir.Output(numpy.array([n])),
    }
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        network = import_from_nir(nir.NIRGraph(nodes, [("input", "linear"), ("linear", "lif"), ("lif", "output")]))
        state, spikes = None, torch.zeros(n)
        for _ in range(STEPS):
            out, state = network(torch.full((1, n), INPUT), state)
            spikes += out[0].detach()
    leaky = next(module for module in network.modules() if type(module).__name__ == "Leaky")
    print("  betas", leaky.beta.tolist(), "threshold", leaky.threshold.tolist())
    return spikes.int().tolist()


outcomes = []
for tau in ([0.01, 0.01, 0.01], [0.005, 0.01, 0.02]):
    tau = numpy.array(tau)
    print("tau", tau.tolist(), "s, input", INPUT, "for", STEPS, "steps")
    outcomes.append((equations(tau), snntorch(tau)))
    print("  spikes by the equations", outcomes[-1][0])
    print("  spikes in snnTorch     ", outcomes[-1][1])
(same, read), (due, got) = outcomes
assert all(abs(a - b) <= 1 for a, b in zip(same, read)) and min(same) > 0
assert min(due) > 0 and got[:2] == [0, 0] and abs(got[2] - due[2]) <= 1
print("as told above")
PY
env/bin/python run.py
