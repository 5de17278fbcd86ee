"""The spiking ResNet20 in PyTorch, both variants, on [T*N,C,H,W] with time slowest. Names are those of the state file.

tdBN's factor alpha*vth is folded into the weight of an ordinary BatchNorm2d when the state is loaded.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

from neuron import VTH, Lif

VARIANTS = {
    "small": dict(width=16, stem=1, pool=1, stages=(1, 2, 4), blocks=3),
    "wide": dict(width=64, stem=3, pool=2, stages=(1, 2, 4, 8), blocks=2),
}


def conv(cin, cout, kernel=3, stride=1):
    return nn.Conv2d(cin, cout, kernel, stride, kernel // 2, bias=False)


class Norm(nn.BatchNorm2d):
    def __init__(self, channels, alpha=1.0):
        super().__init__(channels)
        self.alpha = alpha


class Shortcut(nn.Module):
    def __init__(self, cin, cout, stride):
        super().__init__()
        self.stride = stride
        self.conv = conv(cin, cout, kernel=1)
        self.bn = Norm(cout, alpha=math.sqrt(0.5))

    def forward(self, x):
        return self.bn(self.conv(F.avg_pool2d(x, self.stride) if self.stride > 1 else x))


class Block(nn.Module):
    def __init__(self, cin, cout, stride, neuron):
        super().__init__()
        changes = stride != 1 or cin != cout
        self.conv1, self.bn1, self.lif1 = conv(cin, cout, stride=stride), Norm(cout), neuron()
        self.conv2, self.lif2 = conv(cout, cout), neuron()
        self.bn2 = Norm(cout, alpha=math.sqrt(0.5) if changes else 1.0)
        self.shortcut = Shortcut(cin, cout, stride) if changes else nn.Identity()

    def forward(self, x):
        inner = self.lif1(self.bn1(self.conv1(x)))
        return self.lif2(self.bn2(self.conv2(inner)) + self.shortcut(x))


class StemLayer(nn.Module):
    def __init__(self, cin, cout, neuron):
        super().__init__()
        self.conv, self.bn, self.lif = conv(cin, cout), Norm(cout), neuron()


class SpikingResNet20(nn.Module):
    """With `once` the first convolution sees the image once and its result is repeated, else the image is. `neuron` makes a layer
    of neurons from the number of time steps."""

    def __init__(self, variant, timesteps, once, classes=10, neuron=Lif):
        super().__init__()
        plan = VARIANTS[variant]
        self.timesteps, self.once, self.pool = timesteps, once, plan["pool"]
        width = plan["width"]

        def layer():
            return neuron(timesteps)

        self.stem = nn.ModuleList(StemLayer(width if i else 3, width, layer) for i in range(plan["stem"]))
        stages, cin = [], width
        for index, factor in enumerate(plan["stages"]):
            blocks = []
            for block in range(plan["blocks"]):
                stride = 2 if index and not block else 1
                blocks.append(Block(cin, factor * width, stride, layer))
                cin = factor * width
            stages.append(nn.Sequential(*blocks))
        self.stages = nn.Sequential(*stages)
        self.fc = nn.Linear(cin, classes)

    def forward(self, images):
        repeat = (self.timesteps, 1, 1, 1)
        x = images if self.once else images.repeat(repeat)
        for index, layer in enumerate(self.stem):
            x = layer.conv(x)
            if self.once and index == 0:
                x = x.repeat(repeat)
                if images.is_contiguous(memory_format=torch.channels_last):
                    x = x.contiguous(memory_format=torch.channels_last)
            x = layer.lif(layer.bn(x))
        if self.pool > 1:
            x = F.avg_pool2d(x, self.pool)
        logits = self.fc(self.stages(x).mean((2, 3)))
        return logits.view(self.timesteps, -1, logits.shape[1]).mean(0)

    def start_from(self, state):
        missing, unexpected = self.load_state_dict(state, strict=False)
        # a library's neuron (.node.) keeps its constants as buffers
        lacking = [name for name in missing if not name.endswith("num_batches_tracked") and ".node." not in name]
        unknown = lacking + list(unexpected)
        if unknown:
            raise ValueError(f"the state file does not fit the network: {unknown[:5]}")
        with torch.no_grad():
            for module in self.modules():
                if isinstance(module, Norm):
                    module.weight *= module.alpha * VTH
