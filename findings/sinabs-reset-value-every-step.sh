#!/usr/bin/env bash
# Sinabs' reset to a value adds the value in every step, spike or none.
#
# What happens: MembraneReset(reset_value=r) of sinabs 3.1.3 is documented to "reset the membrane potential v_mem to a given value after it
# spiked". It computes v_mem·(no spike) + r, so that r is added in each step to every membrane that has not fired. With
# r = -0.5 a LIF (tau_mem = 20) without any input sinks to -10 in place of resting at 0, and an IAF sinks without end; with r = +0.1 a
# silent IAF fires all by itself. With the default r = 0 nothing is wrong.
#
# Why a good guess is wrong: in the step of a spike the membrane is r, as told, and that is what one looks at. A neuron that then needs more
# input looks as if r made it harder to fire, as a low reset does; here it also does so before its first spike.
#
# Whom it hits here: whoever gives `lif({ vReset })` the other side's reset value. The law `reset` of `npm run laws:peers` has the
# smallest case: one step, no input.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q --disable-pip-version-check torch==2.15.0 numpy==2.4.6 sinabs==3.1.3
cat > run.py <<'PY'
import importlib.metadata, warnings

warnings.simplefilter("ignore")
import torch
from sinabs.activation import MembraneReset, SingleSpike
from sinabs.layers import IAF, LIF

for name in ("sinabs", "torch"):
    print(name, importlib.metadata.version(name))


def silent(layer, steps):
    """Spikes and the last membrane, without any input."""
    spikes = layer(torch.zeros(1, steps, 1))
    return int(spikes.sum()), float(layer.v_mem)


def built(cls, value, **more):
    return cls(**more, spike_fn=SingleSpike, reset_fn=MembraneReset(value))


found = {
    "LIF, reset_value=-0.5": silent(built(LIF, -0.5, tau_mem=20.0), 200),
    "IAF, reset_value=-0.5": silent(built(IAF, -0.5), 200),
    "IAF, reset_value=0.1": silent(built(IAF, 0.1), 200),
    "IAF, reset_value=0": silent(built(IAF, 0.0), 200),
}
for name, (spikes, v) in found.items():
    print(f"{name:24} 200 steps of silence: {spikes} spikes, v_mem = {v:.4f}")
assert abs(found["IAF, reset_value=-0.5"][1] + 100) < 1e-3, "it no longer sinks"
assert found["LIF, reset_value=-0.5"][1] < -9 and found["IAF, reset_value=0.1"][0] > 10
assert found["IAF, reset_value=0"] == (0, 0.0)
print("as told above")
PY
env/bin/python run.py
