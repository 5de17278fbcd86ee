"""Shows that PyTorch reads what writePyTorch writes: files/written.pth by its numbers, and other files into a model, strictly.

usage: python check-written.py                      the committed file (seen with torch 2.15.0)
       python check-written.py WEIGHTS.pth SIZE ... a file of nn.Sequential(Linear(a, b), BatchNorm1d(b), Linear(b, c))
"""

import os
import sys

import torch
from torch import nn

if len(sys.argv) == 1:
    here = os.path.dirname(os.path.abspath(__file__))
    state = torch.load(os.path.join(here, 'files/written.pth'), weights_only=True)
    expected = {
        'fc.weight': torch.arange(1.0, 7.0).reshape(2, 3), 'größe': torch.tensor([0.5, -1.0]).half(),
        'bfloat': torch.tensor([[0.5, -1.0]]).bfloat16(), 'double': torch.tensor([0.1], dtype=torch.float64),
        'bn.num_batches_tracked': torch.tensor(-7), 'empty': torch.zeros(0, 3, dtype=torch.int32),
        'bool': torch.tensor([True, False, True]),
    }
    assert list(state) == list(expected), list(state)
    for name, tensor in expected.items():
        assert state[name].dtype == tensor.dtype and torch.equal(state[name], tensor), name
else:
    a, b, c = map(int, sys.argv[2:])
    model = nn.Sequential(nn.Linear(a, b), nn.BatchNorm1d(b), nn.Linear(b, c))
    model.load_state_dict(torch.load(sys.argv[1], weights_only=True), strict=True)
print('read')
