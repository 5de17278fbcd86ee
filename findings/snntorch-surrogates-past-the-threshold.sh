#!/usr/bin/env bash
# Two of snnTorch's surrogates are not what their names say, where they are used.
#
# What happens: snnTorch 1.0.0 hands its surrogates U - threshold. `triangular(threshold)` is no triangle: its gradient is the constant
# +threshold below the threshold and -threshold from it on, however far away, so every neuron that fires is pushed in the direction
# that raises the loss. `spike_rate_escape(beta, slope)` is slope·exp(-beta·|u - 1|) of that difference: it peaks not at the
# threshold but 1 above it, where a neuron with threshold 1 would need twice its threshold.
#
# Why a good guess is wrong: the docstrings print these very formulas, but of U and for a threshold of 1, and the names are those
# of other papers' functions: Bellec's triangle, and an escape rate around the threshold. SpikingJelly's PiecewiseQuadratic and PiecewiseExp,
# which share the names' meaning, peak at the threshold and are nowhere negative.
#
# Whom it hits here: whoever brings a network from snnTorch and takes our `triangular()` or `doubleExponential()` for them: the
# gradients differ in sign. docs/neuron.md gives what equals them.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q --disable-pip-version-check torch==2.15.0 numpy==2.4.6 snntorch==1.0.0 spikingjelly==2.0.0
cat > run.py <<'PY'
import importlib.metadata, logging, warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
import snntorch, torch
from snntorch import surrogate
from spikingjelly.activation_based import surrogate as jelly

for name in ("snntorch", "spikingjelly", "torch"):
    print(name, importlib.metadata.version(name))
U = [0.0, 0.5, 0.9, 1.1, 1.5, 2.0, 3.0]


def through(spike):
    """dS/dU of one step of snnTorch's Leaky, threshold 1, for these membranes."""
    neuron = snntorch.Leaky(beta=0.9, spike_grad=spike)
    u = torch.tensor(U, requires_grad=True)
    spikes, _ = neuron(u, torch.zeros(len(U)))
    spikes.sum().backward()
    return [round(g, 3) for g in u.grad.tolist()]


print("U                      ", U)
triangle, escape = through(surrogate.triangular(1.0)), through(surrogate.spike_rate_escape(1, 25))
print("triangular(1)          ", triangle)
print("spike_rate_escape(1,25)", escape)
u = torch.tensor(U, requires_grad=True)
jelly.PiecewiseQuadratic(1.0)(u - 1).sum().backward()
print("PiecewiseQuadratic(1)  ", [round(g, 3) for g in u.grad.tolist()], "(SpikingJelly)")
assert triangle == [1, 1, 1, -1, -1, -1, -1], "triangular() changed"
assert max(escape) == escape[U.index(2.0)], "spike_rate_escape() peaks elsewhere now"
assert float(u.grad.min()) >= 0 and U[int(u.grad.argmax())] in (0.9, 1.1), "PiecewiseQuadratic changed"
print("as told above")
PY
env/bin/python run.py
