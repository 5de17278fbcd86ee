"""ONNX Runtime's own build: python native.py FOLDER reads FOLDER/cases.json and each model there, at each level of optimisation,
and writes FOLDER/native.json with the largest difference from the numbers that the library gave."""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime as ort

folder = Path(sys.argv[1])
levels = {
    "disabled": ort.GraphOptimizationLevel.ORT_DISABLE_ALL,
    "basic": ort.GraphOptimizationLevel.ORT_ENABLE_BASIC,
    "extended": ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
    "all": ort.GraphOptimizationLevel.ORT_ENABLE_ALL,
}
ort.set_default_logger_severity(4)
result = {"version": ort.__version__, "cases": {}}
for case in json.loads((folder / "cases.json").read_text()):
    x = np.array(case["input"]["data"], dtype=np.float32).reshape(case["input"]["shape"])
    wanted = np.array(case["output"]["data"], dtype=np.float64).reshape(case["output"]["shape"])
    found = {}
    for level, value in levels.items():
        options = ort.SessionOptions()
        options.graph_optimization_level = value
        options.intra_op_num_threads = 1
        try:
            session = ort.InferenceSession(str(folder / case["file"]), options, providers=["CPUExecutionProvider"])
            (y,) = session.run(None, {"input": x})
            found[level] = float(np.abs(y - wanted).max()) if y.shape == wanted.shape else f"shape {list(y.shape)}"
        except Exception as error:
            found[level] = f"{type(error).__name__}: {error}"[:200]
    result["cases"][case["name"]] = found
(folder / "native.json").write_text(json.dumps(result))
