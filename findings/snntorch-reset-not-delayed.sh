#!/usr/bin/env bash
# snnTorch's neuron with reset_delay=False stays above its threshold for ever and never fires again.
#
# What happens: snnTorch 1.0.0, Leaky(beta=1, threshold=1, reset_mechanism="subtract", reset_delay=False), fed 2.5 once and then 0. It
# fires at the first step and keeps 1.5, which is above the threshold; then it stays at 1.5 and is silent. With the default
# reset_delay=True it fires twice, as 2.5 holds two thresholds, and keeps 0.5.
#
# Why a good guess is wrong: "no delay" is read as "the same spikes, the reset a step earlier". But the step begins by taking off
# the threshold of every membrane that is above it (mem_reset), compares what is left, and gives it back where that does not
# fire: a membrane that is still above the threshold after its reset is compared as if it had been reset twice.
#
# Whom it hits here: whoever compares `lifSoft()` or `synaptic()`, which reset in the same step, with snnTorch spike by spike: they
# agree as long as no input is so strong that a membrane stays above the threshold (test/neurons/zoo/peers.py keeps to that).
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q --disable-pip-version-check torch==2.15.0 numpy==2.4.6 snntorch==1.0.0
cat > run.py <<'PY'
import importlib.metadata

import snntorch, torch

for name in ("snntorch", "torch"):
    print(name, importlib.metadata.version(name))


def run(reset_delay):
    cell = snntorch.Leaky(beta=1.0, threshold=1.0, reset_mechanism="subtract", reset_delay=reset_delay)
    mem, spikes = torch.zeros(1), ""
    for t in range(12):
        fired, mem = cell(torch.tensor([2.5 if t == 0 else 0.0]), mem)
        spikes += str(int(fired))
    return spikes, float(mem)


for reset_delay in (False, True):
    print(f"reset_delay={reset_delay}: {run(reset_delay)}")
assert run(False) == ("1" + "0" * 11, 1.5), "it no longer stays above its threshold in silence"
assert run(True) == ("11" + "0" * 10, 0.5), "the delayed reset fires otherwise now"
print("as told above")
PY
env/bin/python run.py
