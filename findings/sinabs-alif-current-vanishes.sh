#!/usr/bin/env bash
# An adaptive neuron of Sinabs with a slow synapse has hardly any: its current is gone in the step after it came.
#
# What happens: sinabs.layers.LIF and ALIF take tau_syn, for a synaptic current that decays by exp(-1/tau_syn) in a step. In LIF (3.1.3)
# it does. In ALIF with norm_input=True, the default, the factor 1 - exp(-1/tau_mem), meant for what flows into the membrane,
# is written back into the current itself, in every step anew (alif_forward_single). With tau_mem = 20 and tau_syn = 10 it decays not
# by 0.905 but by 0.905·0.049 = 0.044, and the larger tau_mem, the sooner it is gone. Nor does ALIF.forward keep the current from call
# to call, as it keeps the membrane: a sequence given in pieces, or step by step, loses it at each cut. (What record_states shows is
# one step ahead: the recorded dictionary is written to again in the next step.)
#
# Why a good guess is wrong: the same two constants give a LIF its synapse, so an ALIF that stays silent looks as if it had adapted;
# adaptation is what the neuron is for.
#
# Whom it hits here: whoever compares a network of adaptive neurons with synaptic currents with Sinabs. The laws `decay` and
# `otherwise` of `npm run laws:peers` show both.
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
same = {"tau_mem": 20.0, "tau_syn": 10.0, "record_states": True}
layers = {
    "LIF": LIF(**same),
    "ALIF": ALIF(**same, tau_adapt=10.0),
    "ALIF, norm_input=False": ALIF(**same, tau_adapt=10.0, norm_input=False),
}
left, kept = {}, {}
for name, layer in layers.items():
    layer(x)
    row = layer.recordings["i_syn"].flatten().tolist()
    left[name], kept[name] = row[1] / row[0], float(layer.i_syn)
    print(f"{name:24}" + " ".join(f"{value:.6f}" for value in row) + f"   left in a step: {left[name]:.3f}, for the next call: {kept[name]:.3f}")
slow, share = math.exp(-1 / 10), 1 - math.exp(-1 / 20)
assert abs(left["LIF"] - slow) < 1e-4 and abs(left["ALIF, norm_input=False"] - slow) < 1e-4
assert abs(left["ALIF"] - slow * share) < 1e-4, "the current of ALIF decays otherwise now"
assert kept["LIF"] > 0.5 and kept["ALIF"] == 0 and kept["ALIF, norm_input=False"] == 0, "ALIF keeps its current now"


def fired(layer, pieces):
    spikes = [layer(part).sum() for part in torch.full((1, 40, 1), 0.6).split(40 // pieces, dim=1)]
    return int(sum(spikes))


for name, make in (("LIF", LIF), ("ALIF", lambda **more: ALIF(**more, tau_adapt=10.0, norm_input=False))):
    counts = {pieces: fired(make(tau_mem=20.0, tau_syn=10.0), pieces) for pieces in (1, 2, 4)}
    print(f"{name}: spikes of one sequence of 40 steps, given in 1, 2 and 4 pieces:", counts)
    assert (len(set(counts.values())) == 1) == (name == "LIF"), counts
print("as told above")
PY
env/bin/python run.py
