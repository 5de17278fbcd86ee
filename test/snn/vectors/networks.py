# What the peers' networks give for weights from a formula, for networks.json beside this file: python networks.py.
# snnTorch's tutorials 5 and 6, SpikingJelly's VGG, SEW ResNet, networks for events and Spikformer of few channels, and
# an MS-ResNet20 in plain PyTorch.

import json
import math
import os

import snntorch
import spikingjelly
import torch
from snntorch import Leaky
from spikingjelly.activation_based import functional, layer, neuron
from spikingjelly.activation_based.model.parametric_lif_net import CIFAR10DVSNet, NMNISTNet
from spikingjelly.activation_based.model.sew_resnet import BasicBlock, SEWResNet
from spikingjelly.activation_based.model.spikformer import Spikformer
from spikingjelly.activation_based.model.spiking_vgg import SpikingVGG
from torch import nn

torch.set_default_dtype(torch.float64)
T = 3
GAIN = 4  # of the weights


def sines(name, shape):
    """Numbers that JavaScript has too: sin(Σ of the letters + 1.3·i)."""
    seed = sum(ord(letter) for letter in name)
    count = math.prod(shape)
    return torch.tensor([math.sin(seed + 1.3 * i) for i in range(count)]).reshape(shape)


def is_weight(name, tensor):
    """Numbers that are trained or kept along; of neurons' constants only PLIF's."""
    return tensor.is_floating_point() and (tensor.dim() > 0 or name.endswith(".w"))


def filled(net, gain):
    for name, tensor in net.state_dict().items():
        if not is_weight(name, tensor):
            continue
        wave = sines(name, tensor.shape)
        if tensor.dim() > 1:
            value = wave * gain / math.sqrt(tensor[0].numel())
        elif name.endswith("running_var"):
            value = 1 + 0.3 * wave
        elif name.endswith("weight"):
            value = 1 + 0.2 * wave
        else:
            value = 0.1 * wave
        tensor.copy_(value)
    return net.eval()


def image(channels, side):
    return sines("image", (2, channels, side, side)) + 0.3


def case(name, options, net, x, run, spikes, gain=GAIN):
    """spikes: modules whose outputs are counted."""
    counts = []
    hooks = [m.register_forward_hook(lambda _, __, y: counts.append((y[0] if isinstance(y, tuple) else y).sum().item())) for m in spikes]
    with torch.no_grad():
        logits = run(filled(net, gain), x).double()
    for hook in hooks:
        hook.remove()
    here = x.permute(0, 2, 3, 1)
    return {
        "name": name,
        "options": options,
        "gain": gain,
        "shape": list(here.shape),
        "logits": logits.flatten().tolist(),
        "spikes": sum(counts),
        "state": {key: list(t.shape) for key, t in net.state_dict().items() if is_weight(key, t)},
    }


def over_time(net, x):
    """snnTorch's networks, a step after another, in its f32; rates of the last layer."""
    net, x = net.float(), x.float()
    for module in net.modules():
        if isinstance(module, Leaky):
            module.reset_mem()
    steps = []
    for _ in range(T):
        y = net(x)
        steps.append(y[0] if isinstance(y, tuple) else y)
    return torch.stack(steps).mean(0)


def leaky(**more):
    return Leaky(beta=0.5, init_hidden=True, reset_mechanism="zero", reset_delay=False, **more)


csnn = nn.Sequential(
    nn.Conv2d(1, 3, 5), nn.MaxPool2d(2), leaky(), nn.Conv2d(3, 16, 5), nn.MaxPool2d(2), leaky(),
    nn.Flatten(), nn.Linear(64, 10), leaky(output=True),
)  # fmt: skip


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.lif1 = nn.Linear(32, 20), leaky()
        self.fc2, self.lif2 = nn.Linear(20, 10), leaky(output=True)

    def forward(self, x):
        return self.lif2(self.fc2(self.lif1(self.fc1(x.flatten(1)))))


def sn(**_):
    return neuron.LIFNode(tau=2.0, decay_input=False, v_threshold=1.0, v_reset=0.0)


def sequence(net, x):
    """SpikingJelly's, all steps at once."""
    functional.reset_net(net)
    functional.set_step_mode(net, "m")
    return net(x.unsqueeze(0).repeat(T, 1, 1, 1, 1)).mean(0)


class Vgg(nn.Module):
    """SpikingJelly's features and a head for what the last pool leaves."""

    def __init__(self, cfg, *head):
        super().__init__()
        self.features = SpikingVGG.make_layers(cfg, batch_norm=True, neuron=sn)
        self.classifier = nn.Sequential(*head)

    def forward(self, x):
        return self.classifier(torch.flatten(self.features(x), 2))


def head(*sizes):
    hidden = [m for a, b in zip(sizes, sizes[1:-1]) for m in (layer.Linear(a, b), sn(), layer.Dropout())]
    return [*hidden, layer.Linear(*sizes[-2:])]


class Sew(SEWResNet):
    """SpikingJelly's blocks and forward with few channels."""

    def __init__(self, width, cnf):
        nn.Module.__init__(self)
        self._norm_layer, self.inplanes, self.dilation, self.groups, self.base_width = layer.BatchNorm2d, width, 1, 1, 64
        self.conv1 = layer.Conv2d(3, width, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1, self.sn1 = layer.BatchNorm2d(width), sn()
        self.maxpool = layer.MaxPool2d(kernel_size=3, stride=2, padding=1)
        for i in range(4):
            made = self._make_layer(BasicBlock, width * 2**i, 2, stride=1 if i == 0 else 2, cnf=cnf, spiking_neuron=sn)
            setattr(self, f"layer{i + 1}", made)
        self.avgpool = layer.AdaptiveAvgPool2d((1, 1))
        self.fc = layer.Linear(width * 8, 10)


class MsBlock(nn.Module):
    def __init__(self, cin, cout, stride):
        super().__init__()
        conv = lambda a, b, k, s: layer.Conv2d(a, b, k, stride=s, padding=k // 2, bias=False)
        self.body = nn.Sequential(
            sn(), conv(cin, cout, 3, stride), layer.BatchNorm2d(cout), sn(), conv(cout, cout, 3, 1), layer.BatchNorm2d(cout)
        )
        if stride != 1 or cin != cout:
            self.shortcut = nn.Sequential(conv(cin, cout, 1, stride), layer.BatchNorm2d(cout))

    def forward(self, x):
        return self.body(x) + (self.shortcut(x) if hasattr(self, "shortcut") else x)


class MsResnet20(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv1, self.bn1 = layer.Conv2d(3, width, 3, padding=1, bias=False), layer.BatchNorm2d(width)
        cin = width
        for stage in range(3):
            blocks = []
            for i in range(3):
                cout = width * 2**stage
                blocks.append(MsBlock(cin, cout, 2 if stage > 0 and i == 0 else 1))
                cin = cout
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.lif, self.avgpool, self.fc = sn(), layer.AdaptiveAvgPool2d((1, 1)), layer.Linear(cin, 10)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(self.bn1(self.conv1(x)))))
        return self.fc(torch.flatten(self.avgpool(self.lif(x)), 2))


def neurons(net):
    return [m for m in net.modules() if isinstance(m, (Leaky, neuron.LIFNode, neuron.ParametricLIFNode))]


w = 4
vgg9 = Vgg([w, w, "M", 2 * w, 2 * w, "M", 4 * w, 4 * w, 4 * w, "M"], *head(4 * w * 4, 12, 10))
vgg11 = Vgg([w, "M", 2 * w, "M", 4 * w, 4 * w, "M", 8 * w, 8 * w, "M", 8 * w, 8 * w, "M"], *head(8 * w, 12, 12, 10))
mlp, ms = Mlp(), MsResnet20(4)
cases = [
    case("csnn", {"width": 3, "side": 20}, csnn, image(1, 20), over_time, neurons(csnn)),
    case("spikingMlp", {"inputShape": [4, 4, 2], "hidden": [20]}, mlp, image(2, 4), over_time, neurons(mlp)),
    case("vgg", {"width": w, "side": 16, "hidden": 12}, vgg9, image(3, 16), sequence, neurons(vgg9)),
    case("vgg", {"width": w, "side": 32, "hidden": 12, "depth": 11}, vgg11, image(3, 32), sequence, neurons(vgg11)),
    case("msResnet20", {"width": 4}, ms, image(3, 8), sequence, neurons(ms)),
]
for cnf in ["add", "and", "iand"]:
    sew = Sew(w, cnf.upper())
    cases.append(case("sewResnet", {"width": w, "stem": "large", "join": cnf}, sew, image(3, 32), sequence, neurons(sew)))

dvs, nmnist = CIFAR10DVSNet(channels=4, spiking_neuron=sn), NMNISTNet(channels=2, spiking_neuron=neuron.ParametricLIFNode)
cases.append(case("parametricLifNet", {"width": 4, "hidden": 512}, dvs, image(2, 128), sequence, neurons(dvs), 12))
plif = {"of": "nmnist", "width": 2, "hidden": 2048, "neuron": "plif"}
cases.append(case("parametricLifNet", plif, nmnist, image(2, 34), sequence, neurons(nmnist), 12))
tokens = Spikformer(T=T, img_size_h=16, img_size_w=16, patch_size=4, num_classes=10, embed_dims=16, num_heads=2, mlp_ratio=2.0, depths=2)
half = {"width": 16, "heads": 2, "hidden": 2, "neuron": {"tau": 0.5, "vth": 2}}  # the input of SpikingJelly's default counts half
cases.append(case("spikformer", half, tokens, image(3, 16), sequence, neurons(tokens)))

where = os.path.join(os.path.dirname(os.path.abspath(__file__)), "networks.json")
versions = {"torch": torch.__version__, "snntorch": snntorch.__version__, "spikingjelly": getattr(spikingjelly, "__version__", "")}
with open(where, "w") as file:
    json.dump({**versions, "timesteps": T, "cases": cases}, file, separators=(",", ":"))
    file.write("\n")
for one in cases:
    print(one["name"], one["options"], one["spikes"], [round(x, 3) for x in one["logits"][:6]])
