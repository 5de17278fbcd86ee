#!/usr/bin/env bash
# snnTorch's networks run in no precision but 32 bits: spikes are float32 whatever the neuron is and is given.
#
# What happens: in snnTorch 1.0.0 (torch 2.15.0) `network.double()` and `network.to(torch.bfloat16)` turn weights, decays and thresholds;
# the spikes that leave Leaky, Synaptic and RLeaky stay float32 (in 16 bits the membranes become so, too). The next Linear then raises
# "mat1 and mat2 must have the same dtype". A recurrent neuron raises inside itself: RLeaky's second step hands its own float32 spikes to its own
# map of 64 bits, and no line of a user's stands between. The surrogates do it: `out = (input_ > 0).float()`.
#
# Why a good guess is wrong: `.double()` on a module is PyTorch's way to another precision and works for every layer of torch.nn; in 64 bits the
# membrane of the same neuron does follow, and the first step of an RLeaky runs, so that the message names a matrix product and not the neuron.
#
# Whom it hits here: whoever compares a network of snnTorch with ours in 64 bits, where both give the same numbers (`npm run bench:weights`).
# bench/weights/networks.py turns the spikes between the layers, and before RLeaky's own map.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q --disable-pip-version-check torch==2.15.0 numpy==2.4.6 snntorch==1.0.0
cat > run.py <<'PY'
import importlib.metadata
import warnings

warnings.simplefilter("ignore")
import snntorch as snn
import torch

for name in ("snntorch", "torch"):
    print(name, importlib.metadata.version(name))

for dtype in (torch.float64, torch.bfloat16):
    x = torch.full((1, 3), 2.0, dtype=dtype)
    spikes, membrane = snn.Leaky(beta=0.9).to(dtype)(x)
    print(f"Leaky in {dtype}: spikes {spikes.dtype}, membrane {membrane.dtype}")
    assert spikes.dtype == torch.float32
    try:
        torch.nn.Sequential(snn.Leaky(beta=0.9, init_hidden=True), torch.nn.Linear(3, 2)).to(dtype)(x)
        raise SystemExit("a Linear behind a Leaky runs now")
    except RuntimeError as error:
        print("  a Linear behind it:", error)
    recurrent = snn.RLeaky(beta=0.9, linear_features=3, init_hidden=True).to(dtype)
    recurrent(x)
    try:
        recurrent(x)
        raise SystemExit("RLeaky runs now")
    except RuntimeError as error:
        print("  the second step of RLeaky:", error)
        assert "same dtype" in str(error)
print("as told above")
PY
env/bin/python run.py
