"""What nir, safetensors and onnx themselves make of our files, and files as they write them: python exchange.py FOLDER.
FOLDER has ours-*.nir, ours.safetensors and onnx.json; it gets found.json, theirs-*.nir and theirs.safetensors."""

import json
import sys
from pathlib import Path

import ml_dtypes
import nir
import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator
from safetensors import safe_open
from safetensors.numpy import load_file, save_file
from steps import stepper

folder = Path(sys.argv[1])
random = np.random.RandomState(5)
draw = lambda *shape: random.normal(0.2, 0.7, shape).astype(np.float32)
around = lambda *shape: random.uniform(0.5, 1.5, shape).astype(np.float32)
DT, STEPS = 1e-4, 12


def facts(array):
    array = np.asarray(array)
    return {"shape": list(array.shape), "sum": float(array.astype(np.float64).sum())}


def told(graph):
    """Of a graph as nir reads it: its types, the numbers of its nodes, its edges."""
    nodes = {}
    for name, node in graph.nodes.items():
        parts = {key: value for key, value in node.to_dict().items() if isinstance(value, np.ndarray) and key != "shape"}
        nodes[name] = {"type": type(node).__name__, "parts": {key: facts(value) for key, value in parts.items()}}
    return {"nodes": nodes, "edges": sorted([list(edge) for edge in graph.edges])}


found = {"ours": {}, "theirs": {}, "onnx": {}}
for path in sorted(folder.glob("ours-*.nir")):
    # its check of types takes a kernel for a square and all channels for those of a group
    # (findings/nir-types-of-convolutions.sh)
    graph = nir.read(path, type_check="groups" not in path.stem)
    found["ours"][path.stem] = told(graph)
    nir.write(folder / f"again-{path.stem}.nir", graph)

leaky = lambda n: {"tau": DT * (2 + 8 * around(n)), "r": 4 * around(n), "v_leak": 0.2 * draw(n)}
fires = lambda n: {"v_threshold": around(n), "v_reset": 0.3 * draw(n)}
cuba = lambda n: {"tau_syn": DT * (2 + 4 * around(n)), "tau_mem": DT * (2 + 8 * around(n)), "r": 4 * around(n), "v_leak": 0.2 * draw(n), "w_in": 2 * around(n)}
image, line, vector = (4, 7, 9), (4, 11), (6,)
conv = lambda weight, **more: {"weight": weight, "stride": 1, "padding": 0, "dilation": 1, "groups": 1, "bias": draw(len(weight)), **more}
NODES = {
    "affine": (nir.Affine(draw(5, 6), draw(5)), vector),
    "linear": (nir.Linear(draw(5, 6)), vector),
    "linear of halves": (nir.Linear(draw(5, 6).astype(np.float16)), vector),
    "linear of doubles": (nir.Linear(draw(5, 6).astype(np.float64)), vector),
    "linear of integers": (nir.Linear(random.randint(-3, 4, (5, 6)).astype(np.int8)), vector),
    "linear of truth": (nir.Linear(random.uniform(size=(5, 6)) < 0.5), vector),
    "scale": (nir.Scale(draw(6)), vector),
    "scale of an image": (nir.Scale(draw(*image)), image),
    "threshold": (nir.Threshold(draw(6)), vector),
    "threshold of an image": (nir.Threshold(draw(*image)), image),
    "delay": (nir.Delay(DT * np.array([0, 1, 2, 5, 3, 0.4])), vector),
    "delay of an image": (nir.Delay(DT * random.randint(0, 4, image)), image),
    "flatten": (nir.Flatten({"input": np.array(image)}, 0, -1), image),
    "flatten the first two": (nir.Flatten({"input": np.array(image)}, 0, 1), image),
    "flatten the last two": (nir.Flatten({"input": np.array(image)}, 1, 2), image),
    "conv1d": (nir.Conv1d(11, **conv(draw(6, 2, 3), stride=2, padding=2, dilation=2, groups=2)), line),
    "conv1d same": (nir.Conv1d(11, **conv(draw(5, 4, 3), padding="same", dilation=2)), line),
    "conv1d same, even": (nir.Conv1d(11, **conv(draw(5, 4, 4), padding="same")), line),
    "conv1d valid": (nir.Conv1d(11, **conv(draw(5, 4, 4), padding="valid")), line),
    "conv2d": (nir.Conv2d((7, 9), **conv(draw(6, 2, 3, 2), stride=(2, 1), padding=(1, 3), dilation=(2, 1), groups=2)), image),
    "conv2d of whole numbers": (nir.Conv2d((7, 9), **conv(draw(3, 4, 3, 3), stride=2, padding=1)), image),
    "conv2d by channel": (nir.Conv2d((7, 9), **conv(draw(8, 1, 3, 3), groups=4)), image),
    "conv2d same": (nir.Conv2d((7, 9), **conv(draw(3, 4, 3, 5), padding="same")), image),
    "conv2d same, even": (nir.Conv2d((7, 9), **conv(draw(3, 4, 2, 4), padding="same", dilation=(1, 2))), image),
    "conv2d valid": (nir.Conv2d((7, 9), **conv(draw(3, 4, 2, 4), padding="valid")), image),
    "sum pool": (nir.SumPool2d(np.array([2, 3]), np.array([2, 1]), np.array([1, 0])), image),
    "sum pool of one number": (nir.SumPool2d(2, 2, 0), image),
    "average pool": (nir.AvgPool2d(np.array([3, 2]), np.array([1, 2]), np.array([1, 1])), image),
    "integrator": (nir.I(3e3 * around(6)), vector),
    "integrate and fire": (nir.IF(3e3 * around(6), **fires(6)), vector),
    "integrate and fire, an image": (nir.IF(3e3 * around(*image), around(*image), 0.3 * draw(*image)), image),
    "leaky": (nir.LI(**leaky(6)), vector),
    "leaky and fire": (nir.LIF(**leaky(6), **fires(6)), vector),
    "current": (nir.CubaLI(**cuba(6)), vector),
    "current and fire": (nir.CubaLIF(**cuba(6), **fires(6)), vector),
    "one weight": (nir.CubaLIF(**{**cuba(6), "w_in": 1.5}, **fires(6)), vector),
}


def kept(name, graph, inputs, outputs):
    file = f"theirs-{len(found['theirs'])}.nir"
    nir.write(folder / file, graph)
    rows = {key: np.array(value, dtype=float) for key, value in (("input", inputs), ("output", outputs))}
    found["theirs"][name] = {"file": file, **{key: {"data": value.flatten().tolist(), "shape": list(value.shape)} for key, value in rows.items()}}


def chain(*nodes, shape):
    """A graph of nodes in a row, which nir itself types."""
    names = ["input", *(f"node{i}" for i in range(len(nodes))), "output"]
    ends = nir.Input(np.array(shape)), nir.Output(None)
    graph = nir.NIRGraph(dict(zip(names, [ends[0], *nodes, ends[1]])), list(zip(names, names[1:])), type_check=False)
    graph.infer_types()
    return graph


drawn = lambda shape: random.normal(0.5, 1, (STEPS, *shape)).astype(np.float32)
for name, (node, shape) in NODES.items():
    x, step = drawn(shape), stepper(node, DT)
    y = [step(row) for row in x.astype(float)]
    ends = {"input": nir.Input(np.array(shape)), "node": node, "output": nir.Output(np.array(y[0].shape))}
    kept(name, nir.NIRGraph(ends, [("input", "node"), ("node", "output")], type_check=False), x, y)

# a graph within a graph, and an edge that goes round two nodes
inner = chain(nir.Affine(draw(5, 6), draw(5)), nir.LIF(**leaky(5), **fires(5)), shape=vector)
whole = [nir.Scale(around(6)), inner, nir.Linear(draw(3, 5)), nir.IF(4e3 * around(3), **fires(3))]
names = ["input", "scale", "inner", "map", "last", "output"]
graph = nir.NIRGraph(
    dict(zip(names, [nir.Input(np.array(vector)), *whole, nir.Output(np.array([3]))])), [*zip(names, names[1:]), ("input", "inner")]
)
steps = [stepper(node, DT) for node in (whole[0], inner.nodes["node0"], inner.nodes["node1"], *whole[2:])]
x, y = drawn(vector), []
for row in x.astype(float):
    value = steps[0](row) + row
    for step in steps[1:]:
        value = step(value)
    y.append(value)
kept("a graph within a graph, and an edge past a node", graph, x, y)

found["ours.safetensors"] = {name: {"dtype": str(array.dtype), **facts(array)} for name, array in load_file(folder / "ours.safetensors").items()}
with safe_open(folder / "ours.safetensors", "numpy") as file:
    found["metadata"] = file.metadata()
KINDS = ("float64", "float32", "float16", ml_dtypes.bfloat16, "int64", "int32", "int16", "int8", "uint64", "uint32", "uint16", "uint8", "bool")
tensors = {np.dtype(kind).name: (random.uniform(-3, 3, (2, 3)) if i < 4 else random.randint(0, 2 if kind == "bool" else 90, (2, 3))).astype(kind) for i, kind in enumerate(KINDS)}
tensors |= {"none": np.zeros((0, 4), "float32"), "number": np.array(1.5, "float32"), "tänsor ✓": np.ones(2, "float32")}
save_file(tensors, folder / "theirs.safetensors", metadata={"format": "np", "ключ": "значение"})
found["theirs.safetensors"] = {name: facts(array) for name, array in tensors.items()}

for case in json.loads((folder / "onnx.json").read_text()):
    model = onnx.load(folder / case["file"])
    onnx.checker.check_model(model, full_check=True)
    x = np.array(case["x"]["data"], dtype=np.float32).reshape(case["x"]["shape"])
    (y,) = ReferenceEvaluator(model).run(None, {"input": x})
    found["onnx"][case["file"]] = {"data": y.flatten().tolist(), "shape": list(y.shape)}
found["versions"] = {module.__name__: module.__version__ for module in (nir, np, onnx)}
(folder / "found.json").write_text(json.dumps(found))
