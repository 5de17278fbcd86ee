#!/usr/bin/env bash
# SpikingJelly's exponential neuron, as it comes, fires without any input, for ever.
#
# What happens: EIFNode() of SpikingJelly 2.0.0 has tau = 2, delta_T = 1, theta_rh = 0.8, v_rest = 0, and a threshold of 1. The membrane
# gains (-v + exp(v - 0.8) + x)/tau in a step. Without input, exp(v - 0.8) - v is at least 0.2 wherever v is: there is no resting
# potential, v_rest only says where it would be, and the neuron fires every eighth step in silence. With delta_T = 0.3 it rests.
#
# Why a good guess is wrong: theta_rh is called the rheobase threshold, the current that just makes a neuron fire belongs to it and is
# positive in every textbook; v_rest is named beside it. In a trained network the spikes of silence look like activity, and firing rates
# of an eighth look healthy. QIFNode beside it, with the same constants, rests.
#
# Whom it hits here: whoever compares our `eif()` with it: ours has delta = 0.2 unless told otherwise. The law `rest` of
# `npm run laws:peers` fails.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q --disable-pip-version-check torch==2.15.0 numpy==2.4.6 spikingjelly==2.0.0
cat > run.py <<'PY'
import importlib.metadata, logging, warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
import torch
from spikingjelly.activation_based import neuron

for name in ("spikingjelly", "torch"):
    print(name, importlib.metadata.version(name))


def silent(node, steps=80):
    return "".join(str(int(node(torch.zeros(1)))) for _ in range(steps))


rasters = {
    "EIFNode()": silent(neuron.EIFNode()),
    "EIFNode(delta_T=0.3)": silent(neuron.EIFNode(delta_T=0.3)),
    "QIFNode()": silent(neuron.QIFNode()),
}
for name, spikes in rasters.items():
    print(f"{name:22}{spikes}  {spikes.count('1')} spikes without input")
v = torch.linspace(-5, 5, 1001)
print("least of exp(v - 0.8) - v:", float((torch.exp(v - 0.8) - v).min()))
assert rasters["EIFNode()"].count("1") >= 8, "it rests now"
assert "1" not in rasters["EIFNode(delta_T=0.3)"] + rasters["QIFNode()"]
print("as told above")
PY
env/bin/python run.py
