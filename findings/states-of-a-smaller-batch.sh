#!/usr/bin/env bash
# The last batch is smaller, and the state of the one before is cleared, kept, or dealt out at random, without a word.
#
# What happens: snnTorch 1.0.0, SpikingJelly 2.0.0 and Sinabs 3.1.3 have neurons that keep their state from call to call, until they
# are told to begin anew. If the next input has as many rows, all three go on from where they were. If it has fewer (the rest
# of a data set) or more, snnTorch and SpikingJelly begin from rest, and Sinabs gives each new row the state of an old row that
# it draws, with replacement, from PyTorch's global generator: the spikes depend on the seed where nothing else does, and
# whatever is drawn afterwards is another. The same rule drops a state that is given by hand with too few rows: Leaky called with x of
# [4,1] and mem of [1,1] starts from 0, and does not broadcast mem.
#
# Why a good guess is wrong: a state of the wrong size is an error almost everywhere in PyTorch, or is broadcast; and in tests the batches
# are equal. Whoever forgot to begin anew sees it in the numbers of all batches but the last in two libraries, and in the third in
# a result that changes with the seed of an evaluation that draws nothing.
#
# Whom it hits here: whoever compares accuracies with one of them over a whole data set. The laws of `npm run laws:peers` begin
# each run anew as the documentation says. `lifSequence` takes the state as an argument and refuses one of another shape.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q --disable-pip-version-check torch==2.15.0 numpy==2.4.6 snntorch==1.0.0 spikingjelly==2.0.0 sinabs==3.1.3
cat > run.py <<'PY'
import importlib.metadata, logging, warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
import sinabs.layers, snntorch, torch
from spikingjelly.activation_based import neuron

for name in ("snntorch", "spikingjelly", "sinabs", "torch"):
    print(name, importlib.metadata.version(name))
first = torch.tensor([[0.1], [0.2], [0.3], [0.4]])  # four rows, each charged to another level


def membranes(rows, seed):
    """What each library's membrane is after a second input of zeros with so many rows."""
    torch.manual_seed(seed)
    zeros = torch.zeros(rows, 1)
    leaky = snntorch.Leaky(beta=1.0, init_hidden=True)
    leaky(first), leaky(zeros)
    node = neuron.IFNode()
    node(first), node(zeros)
    iaf = sinabs.layers.IAF()
    iaf(first[:, None]), iaf(zeros[:, None])
    return {"snnTorch": leaky.mem, "SpikingJelly": node.v, "Sinabs": iaf.v_mem}


found = {}
for rows, seed in ((4, 0), (3, 0), (3, 1), (6, 0)):
    print(f"second input of {rows} rows, seed {seed}")
    for name, v in membranes(rows, seed).items():
        found[name, rows, seed] = [round(float(value), 3) for value in v.detach().flatten()]
        print(f"  {name:13}{found[name, rows, seed]}")
given = torch.full((1, 1), 0.9)
_, mem = snntorch.Leaky(beta=1.0)(torch.full((4, 1), 0.05), given)
print("snnTorch, mem of [1,1] = 0.9 given to x of [4,1] = 0.05:", [round(float(v), 3) for v in mem.flatten()])
for name in ("snnTorch", "SpikingJelly", "Sinabs"):
    assert found[name, 4, 0] == [0.1, 0.2, 0.3, 0.4], name
for name in ("snnTorch", "SpikingJelly"):
    assert found[name, 3, 0] == [0, 0, 0], name
drawn = [found["Sinabs", 3, 0], found["Sinabs", 3, 1]]
assert drawn[0] != drawn[1] and all(v in (0.1, 0.2, 0.3, 0.4) for row in drawn for v in row), drawn
assert abs(float(mem[0]) - 0.05) < 1e-6, "the given membrane counts now"
print("as told above")
PY
env/bin/python run.py
