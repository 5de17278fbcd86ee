"""Writes the networks with every tool, and reads every file with every tool.

  python matrix.py write FOLDER   FOLDER/TOOL-NETWORK.nir and FOLDER/written.json, the spikes of the tools themselves
  python matrix.py read FOLDER    FOLDER/read.json: for each file there and each tool its spikes, or why it has none
"""

import importlib
import importlib.metadata
import json
import logging
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
# samna, which Rockpool looks for, installs itself anew by pip from another index whenever it is imported
sys.modules["samna"] = None
import nir
import numpy as np
from networks import ALPHA, BETA, NETWORKS, THRESHOLD, inputs, weights
from tools import TOOLS

command, folder = sys.argv[1], Path(sys.argv[2])
# the step in which each file counts, for importers that take one
STEP = {"norse": 1e-3, "sinabs": 1, "rockpool": 1e-3, "spyx": 1}


def tool(name):
    return importlib.import_module(f"tools.{name}")


def tried(act):
    try:
        return act()
    except Exception as error:  # whatever a tool says is told as it is
        return {"error": f"{type(error).__name__}: {error}".strip()[:300]}


def by_hand(name):
    """The network as NIR says it, in seconds at a step of 1e-4, without any of the tools."""
    w, dt = weights(name), 1e-4
    full = lambda value, *shape: np.full(shape, value, dtype=np.float32)

    def neuron(*shape):
        if name == "convolutional":
            return nir.IF(r=full(1 / dt, *shape), v_threshold=full(THRESHOLD, *shape), v_reset=full(0, *shape))
        common = dict(
            r=full(1 / (1 - BETA), *shape), v_leak=full(0, *shape), v_threshold=full(THRESHOLD, *shape), v_reset=full(0, *shape)
        )
        tau = full(dt / (1 - BETA), *shape)
        if name != "cuba":
            return nir.LIF(tau=tau, **common)
        return nir.CubaLIF(tau_mem=tau, tau_syn=full(dt / (1 - ALPHA), *shape), w_in=full(1 / (1 - ALPHA), *shape), **common)

    affine = lambda layer: nir.Affine(weight=w[f"{layer}.weight"], bias=w[f"{layer}.bias"])
    shape = inputs(name).shape[1:]
    nodes = {"input": nir.Input(np.array(shape))}
    if name == "convolutional":
        nodes["conv"] = nir.Conv2d(
            input_shape=(6, 6), weight=w["conv.weight"], bias=w["conv.bias"], stride=2, padding=1, dilation=1, groups=1
        )
        nodes |= {"n1": neuron(4, 3, 3), "flat": nir.Flatten({"input": np.array([4, 3, 3])}, start_dim=0, end_dim=-1)}
        nodes |= {"fc": affine("fc"), "n2": neuron(5)}
    else:
        nodes |= {"fc1": affine("fc1"), "n1": neuron(8)}
        if name == "residual":
            nodes |= {"inner": affine("inner"), "n2": neuron(8)}
        if name == "recurrent":
            nodes["back"] = nir.Linear(weight=w["recurrent.weight"])
        nodes |= {"fc2": affine("fc2"), "n3": neuron(5)}
    nodes["output"] = nir.Output(np.array([5]))
    chain = [key for key in nodes if key != "back"]
    edges = list(zip(chain, chain[1:]))
    if name == "recurrent":
        edges += [("n1", "back"), ("back", "n1")]
    if name == "residual":
        edges.append(("n1", "n2"))
    return nir.NIRGraph(nodes=nodes, edges=edges)


def keep(path, graph):
    """Written as it is, else with the shapes that nir infers; a file that is written half is none."""
    for mend in (None, graph.infer_types):
        try:
            if mend:
                mend()
            nir.write(path, graph)
            return {"inferred": True} if mend else {}
        except Exception:
            path.unlink(missing_ok=True)
            if mend:
                raise


if command == "write":
    written = {"by hand": {}}
    for name in NETWORKS:
        nir.write(folder / f"by hand-{name}.nir", by_hand(name))
    for key in TOOLS:
        module = tried(lambda: tool(key))
        for name in NETWORKS:

            def act():
                graph, spikes = module.write(name)
                kept = keep(folder / f"{key}-{name}.nir", graph)
                return {"spikes": spikes, **kept}

            result = module if isinstance(module, dict) else tried(act)
            written.setdefault(key, {})[name] = result
    packages = ("nir", "nirtorch", "torch", "jax", "numpy", "h5py", *TOOLS)
    versions = {name: tried(lambda: importlib.metadata.version(name)) for name in packages}
    data = {name: inputs(name).tolist() for name in NETWORKS}
    numbers = {name: {key: value.tolist() for key, value in weights(name).items()} for name in NETWORKS}
    lines = {key: {"writes": tool(key).WRITES, "reads": tool(key).LINE} for key in TOOLS if not isinstance(tried(lambda: tool(key)), dict)}
    (folder / "written.json").write_text(
        json.dumps({"versions": versions, "lines": lines, "inputs": data, "weights": numbers, "written": written})
    )
else:
    found = {}
    for key in TOOLS:
        module = tried(lambda: tool(key))
        for path in sorted(folder.glob("*.nir")):
            exporter, name = path.stem.rsplit("-", 1)
            dt = STEP.get(exporter, 1e-4)
            result = module if isinstance(module, dict) else tried(lambda: {"spikes": module.read(path, name, dt)})
            found.setdefault(path.stem, {})[key] = result
    (folder / "read.json").write_text(json.dumps(found))
