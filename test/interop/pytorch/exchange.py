"""Weights between this library and PyTorch through safetensors files. The network is the one that the benchmark compares
with (bench/peers/python), in double precision; reading and writing the format needs nothing but the standard library.

    exchange.py logits MODEL IMAGES OUT   runs MODEL's tensors on IMAGES [N,C,H,W] and writes `logits` to OUT
    exchange.py make OUT                  draws a network and images, writes its state under `module.`, `images` and `logits` to OUT
"""

import json
import struct
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[3] / "bench/peers/python"))
from network import SpikingResNet20  # noqa: E402
from tensors import read_tensors  # noqa: E402

TIMESTEPS = 4
torch.set_num_threads(1)


def write(path, tensors):
    header, body = {}, b""
    for name, tensor in tensors.items():
        data = tensor.double().contiguous().numpy().tobytes()
        header[name] = {"dtype": "F64", "shape": list(tensor.shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    Path(path).write_bytes(struct.pack("<Q", len(text)) + text + body)


def run(state, images):
    network = SpikingResNet20("small", TIMESTEPS, once=False).double()
    network.start_from(state)
    network.eval()
    with torch.inference_mode():
        return network(images.double())


def make(out):
    torch.manual_seed(0)
    network = SpikingResNet20("small", TIMESTEPS, once=False).double()
    images = torch.randn(3, 3, 16, 16, dtype=torch.float64)
    with torch.no_grad():
        for _ in range(20):
            network(images)  # moves the running statistics
    state = network.state_dict()
    wrapped = {f"module.{name}": value for name, value in state.items()}
    write(out, {**wrapped, "images": images, "logits": run(state, images)})


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2])
    else:
        _, _, model, images, out = sys.argv
        write(out, {"logits": run(read_tensors(model), read_tensors(images)["images"])})
