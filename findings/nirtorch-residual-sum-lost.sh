#!/usr/bin/env bash
# A residual network goes to NIR without its sum: a valid file, of another network.
#
# What happens: y = lif2(inner(x) + x) in a torch module, written by snnTorch 1.0.0's export_to_nir. In the file no edge leads to lif2: it
# has an Input of its own that the network never had, `inner` leads to the Output, and the file passes nir 1.0.8's check of types
# where the sizes agree. nirtorch 2.6's extract_nir_graph, which snnTorch, Sinabs and Norse export by, finds edges by which tensor
# goes into which module, and `inner(x) + x` is a tensor that no module gave. nirtorch's newer torch_to_nir, which SpikingJelly
# 2.0.0 uses, writes the two edges.
#
# Why a good guess is wrong: nothing is said, the file opens, every layer with every weight is in it, and a drawing of it looks like a network; only
# who counts Inputs, or compares spikes, sees it.
#
# Whom it hits here: whoever brings such a file. `inspect --nir` shows two Inputs, and `fromNir` asks for both, so that it does not run
# unnoticed as another network.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q --disable-pip-version-check torch==2.15.0 numpy==2.4.6 nir==1.0.8 nirtorch==2.6 snntorch==1.0.0 spikingjelly==2.0.0
cat > run.py <<'PY'
import contextlib, importlib.metadata, io, logging, warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
import nir, snntorch, torch
from snntorch.export_nir import export_to_nir as by_snntorch
from spikingjelly.activation_based import neuron
from spikingjelly.activation_based.nir_exchange import export_to_nir as by_spikingjelly

for name in ("nirtorch", "nir", "snntorch", "spikingjelly", "torch"):
    print(name, importlib.metadata.version(name))


class Residual(torch.nn.Module):
    def __init__(self, lif):
        super().__init__()
        self.fc, self.lif1, self.inner, self.lif2 = torch.nn.Linear(3, 4), lif(), torch.nn.Linear(4, 4), lif()
        self.head, self.lif3 = torch.nn.Linear(4, 4), lif()

    def forward(self, x):
        x = self.lif1(self.fc(x))
        x = self.lif2(self.inner(x) + x)
        return self.lif3(self.head(x))


def edges(file, export, lif, **more):
    with contextlib.redirect_stdout(io.StringIO()):
        nir.write(file, export(Residual(lif), torch.ones(1, 3), **more))
    graph = nir.read(file)
    inputs = [name for name, node in graph.nodes.items() if isinstance(node, nir.Input)]
    found = sorted(graph.edges)
    print(f"{file}: inputs {inputs}, edges {found}")
    return inputs, found


full = lambda value: torch.full((4,), value)
leaky = lambda: snntorch.Leaky(beta=full(0.9), threshold=full(1.0), init_hidden=True)
inputs, found = edges("snntorch.nir", by_snntorch, leaky, ignore_dims=[0])
assert len(inputs) == 2, "there is one input now"
assert ("inner", "lif2") not in found and ("inner", "output") in found, "the sum is written now"
inputs, found = edges("spikingjelly.nir", by_spikingjelly, lambda: neuron.LIFNode(tau=10.0, decay_input=False))
assert len(inputs) == 1
assert {("inner", "lif2"), ("lif1", "lif2")} <= set(found)
print("as told above")
PY
env/bin/python run.py
