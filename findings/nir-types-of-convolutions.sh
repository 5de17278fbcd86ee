#!/usr/bin/env bash
# nir refuses to read a convolution in groups, or with a kernel that is no square, and its types are wrong where it does not.
#
# What happens: nir 1.0.8 takes weight.shape[1], the channels of one group, for those of the input, and weight.shape[2], the height of the
# kernel, for both of its sides. A graph with Conv2d(4, 6, groups=2), or with a kernel of 3 by 5, is written by nir.write and
# refused by nir.read of the same nir: "type mismatch: input.output: [4 6 6] -> conv.input: [2 6 6]". Where no node behind it
# says otherwise, the wrong shape goes on: the Output of a 3 by 5 kernel on 8 by 8 is [1 6 6], PyTorch gives [1 6 4].
#
# Why a good guess is wrong: the message names two nodes whose shapes do not meet, so one looks for a mistake in one's own network or in the
# exporter; nodes' own shapes (input_shape given, weights in PyTorch's layout) are right, and a check of types is the last
# place to look. Depthwise convolutions, the usual groups, are in most small networks of images.
#
# Whom it hits here: `toNir` writes such layers, and `readNir` reads them; in Python they need nir.read(file, type_check=False).
# Our own tests read them so (test/python/exchange.py); exporters that ask nir for types themselves (snnTorch's, SpikingJelly's)
# cannot write kernels that are no square at all.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q --disable-pip-version-check nir==1.0.8 numpy==2.4.6 h5py==3.16.0
cat > run.py <<'PY'
import nir, numpy

print("nir", nir.__version__)
conv = lambda weight, groups, size: nir.Conv2d(
    input_shape=size, weight=weight, stride=1, padding=0, dilation=1, groups=groups, bias=numpy.zeros(len(weight)))


def graph(node, shape, output):
    nodes = {"input": nir.Input(numpy.array(shape)), "conv": node, "output": nir.Output(numpy.array(output))}
    return nir.NIRGraph(nodes, [("input", "conv"), ("conv", "output")], type_check=False)


def refused(name, node, shape, output):
    nir.write(name, graph(node, shape, output))
    assert "conv" in nir.read(name, type_check=False).nodes
    try:
        nir.read(name)
    except ValueError as error:
        print(f"{name}: {error}")
        return True
    return False


groups = conv(numpy.ones((6, 2, 3, 3)), 2, (6, 6))  # PyTorch's Conv2d(4, 6, 3, groups=2).weight.shape
assert refused("groups.nir", groups, [4, 6, 6], [6, 4, 4]), "grouped convolutions are read now"
oblong = conv(numpy.ones((1, 1, 3, 5)), 1, (8, 8))
assert refused("oblong.nir", oblong, [1, 8, 8], [1, 6, 4]), "kernels that are no square are read now"
print("a kernel of 3 by 5 on 8 by 8 gives", [int(length) for length in oblong.output_type["output"]], "and should give [1, 6, 4]")
assert list(oblong.output_type["output"]) == [1, 6, 6]
square = conv(numpy.ones((1, 1, 3, 3)), 1, (8, 8))
assert not refused("square.nir", square, [1, 8, 8], [1, 6, 6])
print("as told above")
PY
env/bin/python run.py
