#!/usr/bin/env bash
# One NIR file of one leaky neuron, four readings, of which two are silent.
#
# What happens: snnTorch 1.0.0 writes Leaky(beta = 0.9) as a NIR LIF node with tau = 0.001, r = 10: seconds, at a time step of
# 1e-4 that stands in its source and nowhere in the file. Fed 0.3 a step, the neuron of snnTorch fires every fourth or
# fifth step. Norse 1.1.0 reads the same file and never fires: it takes tau in seconds, at a step of 1e-3 of its own, and does not use
# r (with a log line about it); its dt argument does not mend that. Sinabs 2.0.3 never fires either, and says nothing: it
# takes tau as a number of steps (0.001 of one) and does not use r. Read back by snnTorch itself the spikes come earlier than
# in the network that was written, since the importer resets without the delay that Leaky has by default.
#
# Why a good guess is wrong: NIR defines LIF by tau·dv/dt = (v_leak - v) + r·I, so that a file with tau and r looks complete, and two
# tools that both "support NIR" are expected to agree up to a step. dt is not in the format, and r and tau mean what the
# writing tool's dt makes of them.
#
# Whom it hits here: whoever brings a NIR file. spikegrad takes dt as an argument of fromNir and shows in `inspect --nir`
# what an input of 1 does in one step, since the file cannot tell.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q --disable-pip-version-check torch==2.15.0 numpy==2.4.6 nir==1.0.8 nirtorch==2.6 snntorch==1.0.0 norse==1.1.0 \
  sinabs==2.0.3
cat > run.py <<'PY'
import contextlib, importlib.metadata, io, logging, warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
import nir, norse.torch, sinabs.nir, snntorch, torch
from snntorch.export_nir import export_to_nir
from snntorch.import_nir import import_from_nir

for name in ("snntorch", "norse", "sinabs", "nir", "torch"):
    print(name, importlib.metadata.version(name))


def quiet(f, *values, **named):
    with contextlib.redirect_stdout(io.StringIO()):
        return f(*values, **named)


neuron = snntorch.Leaky(beta=torch.full((1,), 0.9), threshold=torch.ones(1), init_hidden=True, output=True)
network = torch.nn.Sequential(torch.nn.Linear(1, 1, bias=False), neuron)
with torch.no_grad():
    network[0].weight.fill_(1.0)
nir.write("leaky.nir", quiet(export_to_nir, network, torch.ones(1)))
node = next(n for n in nir.read("leaky.nir").nodes.values() if isinstance(n, nir.LIF))
print("in the file: tau", node.tau, "r", node.r, "v_threshold", node.v_threshold)

inputs = torch.full((40, 1, 1), 0.3)


def raster(model, with_state=True):
    state, spikes = None, ""
    for x in inputs:
        out = model(x) if state is None else model(x, state)
        while isinstance(out, tuple):
            state = out[1] if with_state else None
            out = out[0]
        spikes += str(int(out.sum()))
    return spikes


rasters = {
    "snnTorch, the network written": raster(network, with_state=False),
    "snnTorch, read back": raster(quiet(import_from_nir, nir.read("leaky.nir"))),
    "Norse": raster(quiet(norse.torch.from_nir, nir.read("leaky.nir"))),
    "Norse, dt=1e-4": raster(quiet(norse.torch.from_nir, nir.read("leaky.nir"), dt=1e-4)),
    "Sinabs": "".join(str(int(s)) for s in sinabs.nir.from_nir(nir.read("leaky.nir"), batch_size=1)(inputs[:, 0])[0].flatten()),
}
for name, spikes in rasters.items():
    print(f"{name:32}{spikes}  {spikes.count('1')} spikes")
counts = {name: spikes.count("1") for name, spikes in rasters.items()}
assert counts["snnTorch, the network written"] > 5, "snnTorch no longer fires"
assert rasters["snnTorch, read back"] != rasters["snnTorch, the network written"], "the way back no longer shifts the spikes"
assert counts["Norse"] == counts["Norse, dt=1e-4"] == counts["Sinabs"] == 0, "Norse or Sinabs fires now"
print("as told above")
PY
env/bin/python run.py
