#!/usr/bin/env bash
# beta = 0.5 is three different leaks in snnTorch, and beta = 0.3 makes a membrane swing to the other side of zero.
#
# What happens: three neurons of snnTorch 1.0.0 take `beta`, "membrane potential decay rate". Leaky(beta=0.5) keeps 0.5 of its membrane
# in a step. Lapicque(beta=0.5) turns it into R·C = 1/ln(1/beta) and takes an Euler step of it: 1 + ln(beta) = 0.307 is
# left. StateLeaky(beta=0.5) turns it into tau = 1/(1 - beta) and decays by exp(-1/tau) = 0.607. Near 1 the three agree (0.9: 0.900,
# 0.895, 0.905), far from it they do not: Lapicque(beta=0.3) keeps -0.204, so that a positive membrane is negative one step later, and
# StateLeaky(beta=0), no memory by the sound of it, keeps 0.368.
#
# Why a good guess is wrong: the word, the range and the examples (0.9, 0.95) are the same in all three, Lapicque prints β = exp(-1/RC)
# and StateLeaky prints τ = 1/(1 - β) as if these undid each other; and a test with beta = 0.9 passes at two digits.
#
# Whom it hits here: whoever brings weights that were trained with one of them, and its beta, to `lif({ tau: beta })`. What decays as
# Lapicque does is tau = 1 + ln(beta), as StateLeaky does tau = exp(beta - 1): the law `decay` of `npm run laws:peers`.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q --disable-pip-version-check torch==2.15.0 numpy==2.4.6 snntorch==1.0.0
cat > run.py <<'PY'
import importlib.metadata, math

import snntorch, torch
from snntorch import Lapicque, Leaky

try:
    from snntorch import StateLeaky
except ImportError:
    from snntorch._neurons.stateleaky import StateLeaky

for name in ("snntorch", "torch"):
    print(name, importlib.metadata.version(name))


def kept(cell):
    """What is left of a membrane of 0.5 after one step without input."""
    _, mem = cell(torch.zeros(1, 1), torch.full((1, 1), 0.5))
    return float(mem) / 0.5


def kept_by_sequence(beta):
    x = torch.zeros(2, 1, 1)
    x[0] = 0.5
    _, mem = StateLeaky(beta=beta, channels=1)(x)
    return float(mem[1] / mem[0])


print("beta    Leaky   Lapicque  StateLeaky")
for beta in (0.9, 0.5, 0.3):
    row = [kept(Leaky(beta=beta)), kept(Lapicque(beta=beta)), kept_by_sequence(beta)]
    print(f"{beta:<8}" + "   ".join(f"{value:6.3f}" for value in row))
    for value, wanted in zip(row, (beta, 1 + math.log(beta), math.exp(beta - 1))):
        assert abs(value - wanted) < 1e-5, f"{value} is {wanted} no more"
print(f"0       {kept(Leaky(beta=0.0)):6.3f}        -   {kept_by_sequence(0.0):6.3f}")
assert abs(kept_by_sequence(0.0) - math.exp(-1)) < 1e-5
print("as told above")
PY
env/bin/python run.py
