"""Trains the small networks of networks.py in their libraries for a minute or so each, and leaves what `compare.ts` reads: the
weights as torch.save writes them, and images with the logits that the library gives for them, in 32 and in 64 bits.

usage: python train.py DATA OUT [NAME ...]      DATA holds mnist and cifar10, OUT is made
"""

import copy
import gzip
import importlib.metadata
import json
import os
import sys
import time

import numpy as np
import torch
from torch import nn

import networks as n

torch.set_num_threads(1)

PEERS = ['torch', 'spikingjelly', 'snntorch', 'sinabs']
NETWORKS = {
    'spikingjelly-csnn-average': (n.SpikingJellyCsnn, 'mnist', 4000, 2),
    'spikingjelly-kinds': (n.SpikingJellyKinds, 'mnist', 4000, 2),
    'snntorch-fc': (n.SnnTorchFc, 'mnist', 4000, 2),
    'snntorch-cnn': (n.SnnTorchCnn, 'mnist', 4000, 2),
    'sinabs-cnn': (n.SinabsCnn, 'mnist', 4000, 2),
    'sinabs-mnist': (n.SinabsMnist, 'mnist', 4000, 2),
    'sinabs-mnist-spiking': (n.SinabsMnistSpiking, 'mnist', 4000, 2),
    'spikingjelly-resnet20': (n.SpikingJellyResNet20, 'cifar10', 1500, 2),
    'snntorch-resnet20': (n.SnnTorchResNet20, 'cifar10', 1500, 2),
    'sinabs-resnet20': (n.SinabsResNet20, 'cifar10', 1500, 2),
    'guo-resnet20': (n.GuoResNet20, 'cifar10', 1500, 1),
    'guo-resnet20-tdbn': (lambda: n.GuoResNet20(td=True), 'cifar10', 1500, 1),
    'spikingjelly-csnn': (lambda: n.SpikingJellyCsnn(pool=n.layer.MaxPool2d), 'mnist', 4000, 2),
    'spikingjelly-more': (n.SpikingJellyMore, 'mnist', 4000, 2),
    'snntorch-tutorial5': (lambda: n.SnnTorchFc(reset='subtract'), 'mnist', 4000, 2),
    'snntorch-tutorial6': (n.SnnTorchTutorial6, 'mnist', 4000, 2),
    'snntorch-kinds': (n.SnnTorchKinds, 'mnist', 4000, 2),
    'snntorch-recurrent': (n.SnnTorchRecurrent, 'mnist', 4000, 2),
    'sinabs-mnist-several': (lambda: n.SinabsMnistSpiking(several=True), 'mnist', 4000, 2),
    'sinabs-kinds': (n.SinabsKinds, 'mnist', 4000, 2),
}


def mnist(folder, split, count):
    prefix = 'train' if split == 'train' else 't10k'
    with gzip.open(f'{folder}/mnist/{prefix}-images-idx3-ubyte.gz') as f:
        x = np.frombuffer(f.read(16 + 784 * count)[16:], np.uint8).reshape(-1, 1, 28, 28)
    with gzip.open(f'{folder}/mnist/{prefix}-labels-idx1-ubyte.gz') as f:
        y = np.frombuffer(f.read(8 + count)[8:], np.uint8)
    return torch.tensor(x / np.float32(255)).float(), torch.tensor(y).long()


def cifar10(folder, split, count):
    name = 'data_batch_1' if split == 'train' else 'test_batch'
    raw = np.fromfile(f'{folder}/cifar10/{name}.bin', np.uint8).reshape(-1, 3073)[:count]
    x = torch.tensor(raw[:, 1:].reshape(-1, 3, 32, 32) / np.float32(255)).float()
    return (x - 0.45) / 0.25, torch.tensor(raw[:, 0]).long()


def main(folder, out, names):
    os.makedirs(out, exist_ok=True)
    versions = {name: importlib.metadata.version(name) for name in PEERS}
    known = f'{out}/notes.json'
    notes = json.load(open(known))['networks'] if os.path.exists(known) else {}
    for name in names or NETWORKS:
        make, data, count, epochs = NETWORKS[name]
        torch.manual_seed(1)
        net = make()
        x, y = (mnist if data == 'mnist' else cifar10)(folder, 'train', count)
        optimizer = torch.optim.Adam(net.parameters(), 5e-3)
        started = time.time()
        for _ in range(epochs):
            for part in torch.randperm(len(x)).split(50):
                optimizer.zero_grad()
                nn.functional.cross_entropy(net(x[part]), y[part]).backward()
                optimizer.step()
        net.eval()
        images, labels = (mnist if data == 'mnist' else cifar10)(folder, 'test', 200 if data == 'mnist' else 100)
        with torch.no_grad():
            logits = net(images)
            wide = copy.deepcopy(net).double()
            n.as_wide(wide)
            exact = wide(images.double())
        torch.save({'net': getattr(net, 'saved', net).state_dict(), 'epoch': epochs, 'args': {'T': net.steps}}, f'{out}/{name}.pth')
        np.savez_compressed(f'{out}/{name}.npz', images=images.numpy(), labels=labels.numpy(), logits=logits.numpy(),
                            exact=exact.numpy())
        notes[name] = {'seconds': round(time.time() - started), 'images': count, 'epochs': epochs, 'data': data,
                       'accuracy': (logits.argmax(1) == labels).float().mean().item()}
        print(name, notes[name], flush=True)
        with open(known, 'w') as f:
            json.dump({'versions': versions, 'networks': notes}, f, indent=2)


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
