"""Python's safetensors reads what saveFolder wrote, and writes it once more, in several files: python published.py FOLDER AGAIN"""

import importlib.metadata
import json
import shutil
import sys
from pathlib import Path

from safetensors import safe_open
from safetensors.numpy import load_file, save_file

folder, again = Path(sys.argv[1]), Path(sys.argv[2])
index = folder / "model.safetensors.index.json"
names = sorted(set(json.loads(index.read_text())["weight_map"].values())) if index.exists() else ["model.safetensors"]
tensors = {}
for name in names:
    tensors |= load_file(folder / name)
    with safe_open(folder / name, "numpy") as file:
        metadata = file.metadata()
again.mkdir(exist_ok=True)
shutil.copy(folder / "config.json", again)
keys, places = sorted(tensors), {}
for i, part in enumerate([keys[: len(keys) // 2], keys[len(keys) // 2 :]]):
    file = f"model-0000{i + 1}-of-00002.safetensors"
    save_file({key: tensors[key] for key in part}, again / file, metadata={"format": "np"})
    places |= {key: file for key in part}
(again / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": places}))
found = {"version": importlib.metadata.version("safetensors"), "files": len(names), "metadata": metadata, "tensors": {}}
for key in keys:
    found["tensors"][key] = {"dtype": str(tensors[key].dtype), "shape": list(tensors[key].shape), "sum": float(tensors[key].sum(dtype="float64"))}
(again / "python.json").write_text(json.dumps(found))
