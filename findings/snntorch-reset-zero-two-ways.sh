#!/usr/bin/env bash
# snnTorch's Leaky, reset to zero, keeps the input that its own documentation, and all neurons beside it, take away.
#
# What happens: reset_mechanism="zero" of snnTorch 1.0.0 acts in the step after a spike, by default, and the docstrings of Leaky, RLeaky,
# Synaptic and Lapicque have one equation for it: U[t+1] = βU[t] + I[t+1] - R(βU[t] + I[t+1]), which is 0 where R is 1; the input of that step is
# lost. RLeaky, Synaptic, RSynaptic, Lapicque and Alpha do so. Leaky sets the membrane of the step before to 0 and adds the
# input. Fed 5 at each step, with a threshold of 1, Leaky fires every time, the others (recurrent weight 0, no synaptic decay)
# every second time, Alpha every third. With reset_mechanism="subtract" the five that then have Leaky's equation give its spikes.
#
# Why a good guess is wrong: RLeaky with V = 0 and Synaptic with alpha = 0 are Leaky by their equations, and either way of being "set to
# zero" is one; two networks that differ in the class alone differ in their highest rate by a factor of two. A network of few
# spikes hardly shows it.
#
# Whom it hits here: whoever brings such a network to `lifDelayedHard()`, which is Leaky as it computes: the others want an
# equation of their own, h = (beta*v + x)*(1 - o).
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


def run(kind, **more):
    cell, spikes = getattr(snntorch, kind)(beta=0.5, threshold=1.0, init_hidden=True, **more), ""
    for _ in range(8):
        spikes += str(int(cell(torch.tensor([[5.0]]))))
    return spikes


alone = {"V": 0.0, "all_to_all": False}
kinds = {
    "Leaky": {},
    "RLeaky": alone,
    "Synaptic": {"alpha": 0.0},
    "RSynaptic": {"alpha": 0.0, **alone},
    "Lapicque": {},
    "Alpha": {"alpha": 0.6},
}
found = {}
for mechanism in ("zero", "subtract"):
    for kind, more in kinds.items():
        found[mechanism, kind] = run(kind, reset_mechanism=mechanism, **more)
        print(f"{mechanism:9}{kind:10}{found[mechanism, kind]}")
for kind in kinds:
    expected = {"Leaky": "1" * 8, "Alpha": "01001001"}.get(kind, "10" * 4)
    assert found["zero", kind] == expected, f"{kind}, reset to zero, fires otherwise now"
    if kind != "Alpha":
        assert found["subtract", kind] == "1" * 8, f"{kind}, reset by subtraction, fires otherwise now"
print("as told above")
PY
env/bin/python run.py
