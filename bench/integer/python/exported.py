"""The other tools of ../exported.ts: python exported.py FOLDER reads FOLDER/job.json, the images and each file, and prints by
tool the class that each image gets, as JSON; or what the tool said instead."""

import contextlib
import json
import sys
from pathlib import Path

import numpy as np

BATCH = 100


def by_onnxruntime(images, row, job):
    import onnxruntime

    session = onnxruntime.InferenceSession(row["onnx"], providers=["CPUExecutionProvider"])
    given = session.get_inputs()[0]
    return lambda x: session.run(None, {given.name: x})[0]


def by_spikingjelly(images, row, job):
    import nir
    import torch
    from spikingjelly.activation_based.nir_exchange import import_from_nir

    model = import_from_nir(nir.read(row["nir"]), dt=job["dt"])
    model.eval()

    def logits(x):
        state, total = None, 0
        with torch.no_grad():
            for _ in range(job["timesteps"]):
                out, state = model(torch.from_numpy(x), state)
                total = total + out
        return total.numpy()

    return logits


def classes(prepare, images, row, job):
    try:
        with contextlib.redirect_stdout(sys.stderr):
            logits = prepare(images, row, job)
            parts = [logits(images[at : at + BATCH]).reshape(-1, 10).argmax(1) for at in range(0, len(images), BATCH)]
        return [int(one) for one in np.concatenate(parts)]
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:200]


folder = Path(sys.argv[1])
job = json.loads((folder / "job.json").read_text())
images = np.fromfile(folder / "images.bin", dtype="<f4").reshape(job["images"], 3, 32, 32)
tools = {"ONNX Runtime": by_onnxruntime, "SpikingJelly": by_spikingjelly}
print(json.dumps({name: [classes(tool, images, row, job) for row in job["rows"]] for name, tool in tools.items()}))
