#!/usr/bin/env bash
# Norse's recurrent neuron with conductances does not hear its input, and fires in the first step without one.
#
# What happens: CobaLIFCell of Norse 1.1.0 adds input_weights·input to its conductances, and in the next two lines computes these
# from the old state again to add recurrent_weights·spikes, so that what the input had added is dropped. Any input, weak, strong or
# none, gives the same spikes, and the spikes have no gradient by the input or by input_weights. It does fire: its membrane
# starts at 0 while its threshold is -10 and its resting potential -20, so each neuron fires in the first step, and that spike
# goes round in the recurrent weights. coba_lif_feed_forward_step beside it hears its input.
#
# Why a good guess is wrong: it fires, so that a layer of it looks alive, and what comes behind it still learns a bias. That input_weights
# never get a gradient shows only to whoever prints it: optimisers pass over it.
#
# Whom it hits here: whoever takes it as the other side for a neuron of docs/differential-equations.md with conductances. The laws
# `rest` and `fires` of `npm run laws:peers` show both.
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
from norse.torch import CobaLIFCell
from norse.torch.functional.coba_lif import CobaLIFFeedForwardState, coba_lif_feed_forward_step

for name in ("norse", "torch"):
    print(name, importlib.metadata.version(name))
torch.manual_seed(0)
cell = CobaLIFCell(8, 16)


def run(strength, steps=60):
    torch.manual_seed(1)
    x = (strength * torch.rand(steps, 1, 8)).requires_grad_()
    state, spikes = None, []
    for row in x:
        fired, state = cell(row, state)
        spikes.append(fired)
    return x, torch.stack(spikes)


counts = {strength: int(run(strength)[1].sum()) for strength in (0, 1, 1e6)}
print("spikes of 16 neurons in 60 steps, by strength of the input:", counts)
first = run(0)[1][0]
print("fired in the first step, without input:", int(first.sum()), "of 16")
x, spikes = run(1.0)
by_input, by_weights = torch.autograd.grad(spikes.sum(), [x, cell.input_weights], allow_unused=True)
print("gradient by the input:", by_input, " by input_weights:", by_weights)
state, heard = CobaLIFFeedForwardState(*(torch.zeros(1, 16) for _ in range(3))), 0
for _ in range(60):
    fired, state = coba_lif_feed_forward_step(torch.full((1, 16), 2.0), state)
    heard += int(fired.sum())
print("the feed-forward step with a current of 2:", heard, "spikes")
assert torch.equal(run(0)[1], run(1e6)[1]), "it hears its input now"
assert int(first.sum()) == 16 and heard > 16
assert all(g is None or not g.any() for g in (by_input, by_weights)), "its input has a gradient now"
print("as told above")
PY
env/bin/python run.py
