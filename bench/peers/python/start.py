"""Reads the common start of a comparison (../work/start.ts): a safetensors file with images, labels and initial weights."""

from tensors import read_tensors


def read_start(path):
    """Gives (images [N,3,H,W], labels [N], state by name)."""
    tensors = {name: value.clone() for name, value in read_tensors(path).items()}
    state = {name[6:]: value for name, value in tensors.items() if name.startswith("state.")}
    images = tensors["images"].permute(0, 3, 1, 2).contiguous()
    return images, tensors["labels"].long(), state
