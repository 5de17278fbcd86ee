#!/usr/bin/env bash
# An adaptive neuron of Sinabs with a slow synapse has none: the current is gone in the step after it came.
#
# What happens: sinabs.layers.LIF and ALIF take tau_syn, for a synaptic current that decays by exp(-1/tau_syn) in a step. In LIF (3.1.3)
# it does. In ALIF, with norm_input=True, which is the default, the factor (1 - exp(-1/tau_mem)) that is meant for what flows into the
# membrane is written back into the current itself, in every step anew. With tau_mem = 20 and tau_syn = 10 it decays not by
# 0.905 but by 0.905·0.049 = 0.044, and the larger tau_mem, the sooner it is gone. With norm_input=False it decays as told.
#
# Why a good guess is wrong: the same two constants give a LIF its synapse, so an ALIF that stays silent looks as if it had adapted; adaptation
# is what the neuron is for. Its spikes come from the step of the input alone, and tau_syn hardly changes them.
#
# Whom it hits here: whoever compares a network of adaptive neurons with synaptic currents with Sinabs. The law `decay` of
# `npm run laws:peers` names the state: i_syn.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q --disable-pip-version-check torch==2.15.0 numpy==2.4.6 sinabs==3.1.3
cat > run.py <<'PY'
import importlib.metadata, math, warnings

warnings.simplefilter("ignore")
import torch
from sinabs.layers import ALIF, LIF

for name in ("sinabs", "torch"):
    print(name, importlib.metadata.version(name))
x = torch.zeros(1, 6, 1)  # one current of 1, then silence
x[0, 0] = 1


def currents(layer):
    """The synaptic current after each step."""
    found = []
    for t in range(6):
        layer(x[:, t : t + 1])
        found.append(float(layer.i_syn))
    return found


same = {"tau_mem": 20.0, "tau_syn": 10.0}
rows = {
    "LIF": currents(LIF(**same)),
    "ALIF": currents(ALIF(**same, tau_adapt=10.0)),
    "ALIF, norm_input=False": currents(ALIF(**same, tau_adapt=10.0, norm_input=False)),
}
for name, row in rows.items():
    print(f"{name:24}" + " ".join(f"{value:.6f}" for value in row) + f"   left in a step: {row[1] / row[0]:.3f}")
left = {name: row[1] / row[0] for name, row in rows.items()}
slow, share = math.exp(-1 / 10), 1 - math.exp(-1 / 20)
assert abs(left["LIF"] - slow) < 1e-4 and abs(left["ALIF, norm_input=False"] - slow) < 1e-4
assert abs(left["ALIF"] - slow * share) < 1e-4, "the current of ALIF decays otherwise now"
print("as told above")
PY
env/bin/python run.py
