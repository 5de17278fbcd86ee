"""Reads the common start of a comparison (../work/start.ts): a safetensors file with images, labels and initial weights."""

import json
import struct

import torch

DTYPES = {"F32": torch.float32, "I32": torch.int32}


def read_start(path):
    """Gives (images [N,3,H,W], labels [N], state by name)."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        body = bytearray(file.read())
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        flat = torch.frombuffer(body[begin:end], dtype=DTYPES[entry["dtype"]])
        tensors[name] = flat.reshape(entry["shape"]).clone()
    state = {name[6:]: value for name, value in tensors.items() if name.startswith("state.")}
    images = tensors["images"].permute(0, 3, 1, 2).contiguous()
    return images, tensors["labels"].long(), state
