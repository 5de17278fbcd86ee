"""Writes the files of files/ with PyTorch: weights in every form that readPyTorch reads, and those that it refuses.

usage: python make-files.py        (made with torch 2.15.0, numpy 2.4.6, Python 3.11)
"""

import argparse
import collections
import json
import os
import pickle
import zipfile

import numpy as np
import torch
from torch import nn

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'files')
NAMES = {torch.float32: 'F32', torch.float64: 'F64', torch.float16: 'F16', torch.bfloat16: 'BF16', torch.int64: 'I64',
         torch.int32: 'I32', torch.int16: 'I16', torch.int8: 'I8', torch.uint8: 'U8', torch.bool: 'BOOL',
         torch.uint16: 'U16'}


def path(name):
    return os.path.join(HERE, name)


def told(tensors):
    """What a test expects: whole numbers as they are, floats as Python writes them."""
    return {name: {'dtype': NAMES[t.dtype], 'shape': list(t.shape),
                   'data': [int(v) if not t.is_floating_point() else float(v) for v in t.detach().reshape(-1)]}
            for name, t in tensors.items()}


def types():
    base = torch.arange(24, dtype=torch.float32).reshape(4, 6) / 8
    return collections.OrderedDict([
        ('float', base), ('double', torch.tensor([0.1, -2.5], dtype=torch.float64)),
        ('half', torch.tensor([0.1, -65504.0, 6e-8]).half()), ('bfloat', torch.tensor([0.1, -3e38]).bfloat16()),
        ('long', torch.tensor([-1, 2**53 + 1])), ('int', torch.tensor([-2**31], dtype=torch.int32)),
        ('short', torch.tensor([-300], dtype=torch.int16)), ('char', torch.tensor([-128], dtype=torch.int8)),
        ('byte', torch.tensor([255], dtype=torch.uint8)), ('bool', torch.tensor([True, False])),
        ('word', torch.tensor([65535], dtype=torch.uint16)),
        ('scalar', torch.tensor(7.5)), ('empty', torch.zeros(0, 3)),
        ('turned', base.t()), ('part', base[1:3, 1::2]), ('last', base[:, 5]), ('one', base[2:3, :1]),
        ('expanded', torch.tensor([1.0, 2.0]).expand(3, 2)), ('parameter', nn.Parameter(torch.ones(2))),
    ])


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 2)

    def forward(self, x):
        return self.fc(x)


class Evil:
    def __reduce__(self):
        return (os.system, ('touch spikegrad-was-here',))


def big_endian(source, target):
    """The same archive as a big-endian machine writes it."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, 'w') as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith('/byteorder'):
                content = b'big'
            if '/data/' in name:
                content = np.frombuffer(content, '<f4').astype('>f4').tobytes()
            new.writestr(name, content)


def without_sums(source, target):
    """What torch.serialization.set_crc32_options(False) writes."""
    torch.serialization.set_crc32_options(False)
    torch.save(source, target)
    torch.serialization.set_crc32_options(True)


def main():
    os.makedirs(HERE, exist_ok=True)
    expected = {}
    torch.save(types(), path('types.pth'))
    expected['types.pth'] = told(types())

    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    optimizer = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)
    net(torch.ones(4, 3)).sum().backward()
    optimizer.step()
    args = argparse.Namespace(T=4, data='/data', lr=0.1)
    checkpoint = {'state_dict': net.state_dict(), 'optimizer': optimizer.state_dict(), 'epoch': 3,
                  'best': np.float64(0.75), 'args': args, 'history': [0.5, 0.25], 'device': torch.device('cpu')}
    torch.save(checkpoint, path('checkpoint.pth'))
    expected['checkpoint.pth'] = told(net.state_dict())
    for protocol in (3, 4, 5):
        torch.save({'net': net.state_dict(), 'epoch': 3, 'args': args}, path(f'protocol{protocol}.pth'),
                   pickle_protocol=protocol)
        expected[f'protocol{protocol}.pth'] = told(net.state_dict())
    best = {'net': {'fc.weight': torch.ones(2, 1)}, 'epoch': 3, 'max_test_acc': torch.tensor(0.75)}
    torch.save(best, path('best.pth'))
    expected['best.pth'] = told(best['net'])
    floats = {'a': torch.tensor([[0.1, -2.0], [3.5, 4.0]]), 'b': torch.tensor([1e-3])}
    without_sums(floats, path('no-sums.pth'))
    expected['no-sums.pth'] = told(floats)
    torch.save(floats, path('little.pth'))
    big_endian(path('little.pth'), path('big.pth'))
    os.remove(path('little.pth'))
    expected['big.pth'] = told(floats)

    carrying = torch.ones(2)
    carrying.note = 'an attribute'
    values = {'model': {'w': torch.ones(2), 'carrying': carrying}, 'minus': -1, 'below': -2**40, 'seed': 2**63 + 5,
              'entropy': 2**100 + 1, 'least': -2**63, 'generator': np.random.RandomState(0).get_state(legacy=False),
              'parts': {1, 2}, 'frozen': frozenset([3]), 'slice': slice(1, 2), 'complex': 1j}
    torch.save(values, path('values.pth'))
    expected['values.pth'] = told(values['model'])

    torch.save(Net(), path('module.pth'))
    torch.jit.save(torch.jit.script(Net()), path('script.pt'))
    torch.save(net.state_dict(), path('legacy.pth'), _use_new_zipfile_serialization=False)
    torch.save(Net(), path('legacy-module.pth'), _use_new_zipfile_serialization=False)
    torch.save({'w': torch.eye(3).to_sparse()}, path('sparse.pth'))
    torch.save({'w': torch.tensor([1 + 2j])}, path('complex.pth'))
    torch.save({'w': torch.ones(2).to(torch.float8_e4m3fn)}, path('float8.pth'))
    torch.save({'weights': {'a': torch.ones(1)}, 'hook': Evil()}, path('evil.pth'))
    torch.save({'epoch': 3, 'loss': 0.5}, path('nothing.pth'))
    with open(path('plain.pkl'), 'wb') as f:
        pickle.dump({'a': [1, 2]}, f, protocol=4)
    with open(path('expected.json'), 'w') as f:
        json.dump(expected, f, indent=1, allow_nan=False)
        f.write('\n')


main()
