#!/usr/bin/env bash
# Norse and Sinabs do not read back from NIR the network that they wrote, and say nothing.
#
# What happens: Norse 1.1.0's to_nir writes a LIFBoxCell with tau_mem = 0.01 s as tau = 1e-5, dt times as much as it is; from_nir takes
# that for seconds, at its step of 1e-3 s: the copy keeps -99 times its membrane in a step and adds 100 of its input, and fires at every
# step where the original fires at every seventh. Sinabs 2.0.3's to_nir writes LIF with its default norm_input=True, which
# multiplies its input by 1 - e^(-1/tau), as tau and r = 1; from_nir builds LIF with norm_input=False: the copy takes ten times
# the input, and as it may fire several times in a step it gives 160 spikes for 11.
#
# Why a good guess is wrong: a round trip through one tool is what people try first, to see whether a format holds their network; the shapes, the
# weights and the number of neurons come back right, no warning is given, and the copy fires.
#
# Whom it hits here: whoever compares our reading of such a file with the same tool's. `fromNir(graph, { convention: 'norse' })` and
# 'sinabs' give the spikes of the network that was written (test/interop/nir/peers.test.ts), not those of its copy.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q --disable-pip-version-check torch==2.15.0 numpy==2.4.6 nir==1.0.8 nirtorch==2.6 norse==1.1.0 sinabs==2.0.3
cat > run.py <<'PY'
import contextlib, importlib.metadata, io, logging, warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
import nir, norse.torch, sinabs.layers, sinabs.nir, torch
from norse.torch.utils.export_nir import to_nir

for name in ("norse", "sinabs", "nir", "nirtorch", "torch"):
    print(name, importlib.metadata.version(name))


def linear():
    layer = torch.nn.Linear(1, 1)
    with torch.no_grad():
        layer.weight.fill_(1.0)
        layer.bias.zero_()
    return layer


def quiet(f, *values, **named):
    with contextlib.redirect_stdout(io.StringIO()):
        return f(*values, **named)


inputs = torch.full((80, 1), 2.0)


def stepped(model):
    state, spikes = None, ""
    for x in inputs:
        out, state = model(x) if state is None else model(x, state)
        spikes += str(int(out.sum()))
    return spikes


def whole(model):
    out = model(inputs)
    return " ".join(str(int(s)) for s in (out[0] if isinstance(out, tuple) else out).flatten())


one = torch.ones(1)
cell = norse.torch.LIFBoxCell(norse.torch.LIFBoxParameters(tau_mem_inv=100 * one, v_leak=0 * one, v_th=one))
network = norse.torch.SequentialState(linear(), cell)
original = stepped(network)
nir.write("norse.nir", quiet(to_nir, network, torch.zeros(1)))
print("norse, in the file: tau", [n.tau for n in nir.read("norse.nir").nodes.values() if isinstance(n, nir.LIF)])
copy = stepped(quiet(norse.torch.from_nir, nir.read("norse.nir")))
print(f"norse, written   {original}\nnorse, read back {copy}")
assert original.count("1") == 11, original.count("1")
assert copy.count("1") > 3 * original.count("1"), "Norse reads back what it wrote"

lif = lambda: sinabs.layers.LIFSqueeze(tau_mem=9.4912 * one, spike_threshold=one, batch_size=1)
network = torch.nn.Sequential(linear(), lif())
nir.write("sinabs.nir", quiet(sinabs.nir.to_nir, network, inputs[:1]))
original = whole(torch.nn.Sequential(linear(), lif()))
copy = whole(quiet(sinabs.nir.from_nir, nir.read("sinabs.nir"), batch_size=1))
total = lambda spikes: sum(map(int, spikes.split()))
print(f"sinabs, written   {original}: {total(original)}\nsinabs, read back {copy}: {total(copy)}")
assert total(copy) > 8 * total(original) > 0, "Sinabs reads back what it wrote"
print("as told above")
PY
env/bin/python run.py
