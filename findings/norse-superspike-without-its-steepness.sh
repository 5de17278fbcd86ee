#!/usr/bin/env bash
# The steepness of Norse's default surrogate does nothing.
#
# What happens: every spiking neuron of Norse 1.1.0 has method="super" and alpha=100, "hyper parameter to use in surrogate
# gradient computation". SuperSpike (Zenke & Ganguli 2018) is 1/(alpha·|u| + 1)². Norse computes 1/(|u| + 1)²: alpha is handed
# from the parameters to the autograd function, saved there, and not used. With alpha = 1, 100 or a million the gradients are the
# same to the last bit, those of alpha = 1. Half a unit below the threshold the gradient is 0.44, where the formula with the
# default alpha gives 0.0004.
#
# Why a good guess is wrong: the parameter is there, has a default that other tools share, and changes the gradients of Norse's other
# methods. Whoever tunes it sees noise between seeds, not nothing; whoever ports a network with "SuperSpike, alpha = 100" takes a
# surrogate a hundred times as narrow.
#
# Whom it hits here: whoever compares gradients with Norse. The law `gradient` of `npm run laws:peers` fails for its neurons; our
# fastSigmoid({ beta: 1 }) is what they compute, fastSigmoid({ beta: 100 }) what they say.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q --disable-pip-version-check torch==2.15.0 numpy==2.4.6 norse==1.1.0
cat > run.py <<'PY'
import importlib.metadata, warnings

warnings.simplefilter("ignore")
import torch
from norse.torch import LIFBoxCell, LIFBoxParameters

for name in ("norse", "torch"):
    print(name, importlib.metadata.version(name))


def gradient(method, alpha):
    """Of the spike by the current, of a membrane that is charged to 0.5, 0.9, 1.1 and 2 under a threshold of 1."""
    cell = LIFBoxCell(LIFBoxParameters(method=method, alpha=torch.as_tensor(float(alpha))))
    x = torch.tensor([5.0, 9.0, 11.0, 20.0], requires_grad=True)
    spikes, _ = cell(x)
    spikes.sum().backward()
    return (x.grad / 0.1).tolist()  # a current counts a tenth


found = {alpha: gradient("super", alpha) for alpha in (1, 100, 1e6)}
for alpha, slopes in found.items():
    said = [1 / (alpha * abs(h - 1) + 1) ** 2 for h in (0.5, 0.9, 1.1, 2.0)]
    print(f"alpha = {alpha:<9} got {[round(s, 4) for s in slopes]}  the formula: {[round(s, 4) for s in said]}")
print(f"triangle, 1     {gradient('triangle', 1)}\ntriangle, 100   {gradient('triangle', 100)}")
assert found[1] == found[100] == found[1e6], "alpha has an effect now"
assert abs(found[100][0] - 1 / 1.5**2) < 1e-5, "the slope is another now"
assert gradient("triangle", 1) != gradient("triangle", 100)
print("as told above")
PY
env/bin/python run.py
