# The cases of pip's onnx for the operators that networks here are made of, for cases.json beside this file:
# python cases.py. Arrays stand there once, as 32-bit floats in base64; of long outputs every k-th number and the sum,
# and of what has more axes than an image batch, which nothing here takes, the shape alone.

import base64
import json
import os

import numpy as np
import onnx
from onnx.backend.test.case.node import collect_testcases
from onnx.helper import get_attribute_value

OPERATORS = [
    "Conv", "ConvTranspose", "MaxPool", "AveragePool", "GlobalAveragePool", "BatchNormalization", "Gemm", "Flatten",
    "Dropout", "MatMul",
]  # fmt: skip
KEPT = 160

arrays, known = [], {}


def coded(values):
    """The place of these numbers among the arrays."""
    text = base64.b64encode(np.asarray(values, dtype="<f4").tobytes()).decode()
    if text not in known:
        known[text] = len(arrays)
        arrays.append(text)
    return known[text]


def given(array):
    if array.ndim > 4:
        return {"shape": list(array.shape)}
    return {"shape": list(array.shape), "data": coded(array.ravel())}


def wanted(array):
    if array.ndim > 4:
        return {"shape": list(array.shape)}
    flat = array.ravel().astype(np.float64)
    if flat.size <= KEPT:
        return given(array)
    step = -(-flat.size // KEPT)
    return {"shape": list(array.shape), "data": coded(flat[::step]), "step": step, "sum": float(flat.sum())}


def attribute(value):
    return value.decode() if isinstance(value, bytes) else list(value) if hasattr(value, "__len__") else value


cases = []
for one in collect_testcases(None):
    if len(one.model.graph.node) != 1:
        continue  # the same again, written as a function of other operators
    (node,) = one.model.graph.node
    if node.op_type not in OPERATORS or node.domain != "":
        continue
    inputs, outputs = one.data_sets[0]
    cases.append(
        {
            "name": one.name.removeprefix("test_"),
            "operator": node.op_type,
            "attributes": {a.name: attribute(get_attribute_value(a)) for a in node.attribute},
            # an input that is left out has an empty name
            "inputs": list(node.input),
            "outputs": list(node.output),
            "given": [given(np.asarray(x)) for x in inputs],
            "wanted": [wanted(np.asarray(y)) for y in outputs],
        }
    )

where = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases.json")
with open(where, "w") as file:
    json.dump({"onnx": onnx.__version__, "cases": cases, "arrays": arrays}, file, separators=(",", ":"))
    file.write("\n")
print(len(cases), "cases", os.path.getsize(where), "bytes", onnx.__version__)
