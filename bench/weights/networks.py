"""Small networks in other libraries, as their users write them, with the names that their state dictionaries then have."""

import math

import sinabs.activation as sa
import sinabs.layers as sl
import snntorch as snn
import torch
from sinabs.from_torch import from_model
from spikingjelly.activation_based import functional, layer, neuron
from torch import nn


SNNTORCH = (snn.Leaky, snn.Synaptic, snn.RLeaky, snn.RSynaptic)


def as_wide(network):
    """Neurons of snnTorch and Sinabs give 32-bit spikes whatever they are given; then they keep the type."""
    for one in network.modules():
        if isinstance(one, (snn.RLeaky, snn.RSynaptic)):
            one.recurrent.register_forward_pre_hook(lambda _, given: (given[0].double(),))
        if isinstance(one, (*SNNTORCH, sl.StatefulLayer)):
            one.register_forward_hook(
                lambda _, given, out: out.to(given[0].dtype) if isinstance(out, torch.Tensor) else out)


def forget(network):
    """Neurons of snnTorch and Sinabs that keep their potential begin anew, in copies of a network too."""
    for one in network.modules():
        if isinstance(one, SNNTORCH):
            one.reset_mem()
        elif isinstance(one, sl.StatefulLayer):
            one.reset_states()


class SpikingJellyCsnn(nn.Module):
    """SpikingJelly's tutorial network for Fashion-MNIST, with average pooling, or with max pooling as it is there."""

    def __init__(self, channels=8, steps=4, pool=layer.AvgPool2d):
        super().__init__()
        self.steps = steps
        self.conv_fc = nn.Sequential(
            layer.Conv2d(1, channels, 3, padding=1, bias=False), layer.BatchNorm2d(channels), neuron.IFNode(),
            pool(2, 2),
            layer.Conv2d(channels, channels, 3, padding=1, bias=False), layer.BatchNorm2d(channels), neuron.IFNode(),
            pool(2, 2),
            layer.Flatten(),
            layer.Linear(channels * 7 * 7, 64, bias=False), neuron.IFNode(),
            layer.Linear(64, 10, bias=False), neuron.IFNode())
        functional.set_step_mode(self, 'm')

    def forward(self, x):
        functional.reset_net(self)
        return self.conv_fc(x.unsqueeze(0).repeat(self.steps, 1, 1, 1, 1)).mean(0)


class SpikingJellyKinds(nn.Module):
    """Neurons of several kinds: learned time constant, reset by subtraction, a reset potential, input that is not decayed."""

    def __init__(self, steps=4):
        super().__init__()
        self.steps = steps
        self.net = nn.Sequential(
            layer.Conv2d(1, 8, 5, stride=2, padding=2, bias=False), layer.BatchNorm2d(8),
            neuron.ParametricLIFNode(init_tau=2.0, v_reset=None),
            layer.Flatten(),
            layer.BatchNorm1d(8 * 14 * 14),
            neuron.LIFNode(tau=3.0, decay_input=False, v_threshold=0.8, v_reset=-0.2),
            layer.Linear(8 * 14 * 14, 32),
            neuron.LIFNode(tau=1.5, v_reset=-0.1),
            layer.Linear(32, 10))
        functional.set_step_mode(self, 'm')

    def forward(self, x):
        functional.reset_net(self)
        return self.net(x.unsqueeze(0).repeat(self.steps, 1, 1, 1, 1)).mean(0)


class SpikingJellyMore(nn.Module):
    """A learned slope, and a current before the membrane."""

    def __init__(self, steps=4):
        super().__init__()
        self.steps = steps
        self.net = nn.Sequential(
            layer.Conv2d(1, 8, 5, stride=2, padding=2), neuron.KLIFNode(tau=2.0), layer.MaxPool2d(2), layer.Flatten(),
            layer.Linear(8 * 7 * 7, 64), neuron.CUBALIFNode(c_decay=0.4, v_reset=-0.2),
            layer.Linear(64, 32), neuron.CUBALIFNode(v_reset=None),
            layer.Linear(32, 32), neuron.KLIFNode(tau=3.0, decay_input=False, scale_reset=True, v_reset=None),
            layer.Linear(32, 10))
        functional.set_step_mode(self, 'm')

    def forward(self, x):
        functional.reset_net(self)
        return self.net(x.unsqueeze(0).repeat(self.steps, 1, 1, 1, 1)).mean(0)


class SnnTorchFc(nn.Module):
    """snnTorch's tutorial 5, with a reset to zero, or by subtraction as it is there."""

    def __init__(self, steps=25, reset='zero'):
        super().__init__()
        self.steps = steps
        self.fc1 = nn.Linear(784, 100)
        self.lif1 = snn.Leaky(beta=0.95, reset_mechanism=reset)
        self.fc2 = nn.Linear(100, 10)
        self.lif2 = snn.Leaky(beta=0.95, reset_mechanism=reset, learn_beta=True)

    def forward(self, x):
        mem1, mem2 = self.lif1.init_leaky(), self.lif2.init_leaky()
        out = []
        for _ in range(self.steps):
            spk1, mem1 = self.lif1(self.fc1(x.flatten(1)), mem1)
            spk2, mem2 = self.lif2(self.fc2(spk1.to(x.dtype)), mem2)
            out.append(spk2)
        return torch.stack(out).sum(0)


class SnnTorchCnn(nn.Module):
    """Convolutions without bias, average pools, reset by subtraction without a leak."""

    def __init__(self, steps=5):
        super().__init__()
        self.steps = steps
        self.conv1 = nn.Conv2d(1, 6, 5, bias=False)
        self.lif1 = snn.Leaky(beta=1.0, threshold=0.7)
        self.conv2 = nn.Conv2d(6, 12, 5, bias=False)
        self.lif2 = snn.Leaky(beta=0.8, reset_mechanism='zero')
        self.fc = nn.Linear(12 * 4 * 4, 10)
        self.pool = nn.AvgPool2d(2)

    def forward(self, x):
        mem1, mem2 = self.lif1.init_leaky(), self.lif2.init_leaky()
        out = []
        for _ in range(self.steps):
            spk1, mem1 = self.lif1(self.pool(self.conv1(x)), mem1)
            spk2, mem2 = self.lif2(self.pool(self.conv2(spk1.to(x.dtype))), mem2)
            out.append(self.fc(spk2.to(x.dtype).flatten(1)))
        return torch.stack(out).mean(0)


class SnnTorchInTurn(nn.Module):
    """Layers in a row, at each step; spikes are turned to the numbers of the layers, since snnTorch's are of 32 bits."""

    def forward(self, x):
        forget(self)
        out = []
        for _ in range(self.steps):
            y = x
            for one in self.saved:
                y = one(y).to(x.dtype)
            out.append(y)
        return torch.stack(out).mean(0)


class SnnTorchKinds(SnnTorchInTurn):
    """Currents before the membrane, a reset at once, none at all, graded spikes."""

    def __init__(self, steps=6):
        super().__init__()
        self.steps = steps
        hidden = dict(init_hidden=True)
        self.saved = nn.Sequential(
            nn.Flatten(), nn.Linear(784, 64), snn.Synaptic(alpha=0.6, beta=0.7, learn_alpha=True, **hidden),
            nn.Linear(64, 48), snn.Synaptic(alpha=0.5, beta=0.8, reset_mechanism='zero', **hidden),
            nn.Linear(48, 40), snn.Leaky(beta=0.8, reset_delay=False, **hidden),
            nn.Linear(40, 32), snn.Leaky(beta=0.7, reset_mechanism='zero', reset_delay=False, **hidden),
            nn.Linear(32, 32), snn.Leaky(beta=0.9, graded_spikes_factor=0.8, **hidden),
            nn.Linear(32, 24), snn.Leaky(beta=0.5, reset_mechanism='none', **hidden), nn.Linear(24, 10))


class SnnTorchRecurrent(SnnTorchInTurn):
    """Spikes that come back: to all neurons of a layer, or to the neuron itself."""

    def __init__(self, steps=8):
        super().__init__()
        self.steps = steps
        hidden = dict(init_hidden=True)
        self.saved = nn.Sequential(
            nn.Flatten(), nn.Linear(784, 48), snn.RLeaky(beta=0.8, linear_features=48, **hidden),
            nn.Linear(48, 40), snn.RLeaky(beta=0.7, V=-0.4, all_to_all=False, reset_mechanism='zero', **hidden),
            nn.Linear(40, 32),
            snn.RSynaptic(alpha=0.5, beta=torch.linspace(0.3, 0.9, 32), linear_features=32, learn_beta=True, **hidden),
            nn.Linear(32, 10))


class SnnTorchTutorial6(nn.Module):
    """snnTorch's tutorial 6 as it is there, with biases and max pooling."""

    def __init__(self, steps=5):
        super().__init__()
        self.steps = steps
        fire = lambda **more: snn.Leaky(beta=0.5, init_hidden=True, **more)
        self.saved = nn.Sequential(
            nn.Conv2d(1, 12, 5), nn.MaxPool2d(2), fire(), nn.Conv2d(12, 64, 5), nn.MaxPool2d(2), fire(),
            nn.Flatten(), nn.Linear(64 * 4 * 4, 10), fire(output=True))

    def forward(self, x):
        forget(self)
        return torch.stack([self.saved(x)[0] for _ in range(self.steps)]).sum(0)


class SinabsMnistSpiking(nn.Module):
    """
    Sinabs' MNIST example with fewer channels, behind its conversion, with one spike a step and no lower bound of V, or as
    that leaves it: with several, and a bound.
    """

    def __init__(self, steps=6, several=False):
        super().__init__()
        self.steps = steps
        analog = nn.Sequential(
            nn.Conv2d(1, 8, 5, bias=False), nn.ReLU(), nn.AvgPool2d(2),
            nn.Conv2d(8, 12, 5, bias=False), nn.ReLU(), nn.AvgPool2d(2),
            nn.Conv2d(12, 32, 3, bias=False), nn.ReLU(), nn.AvgPool2d(2), nn.Flatten(),
            nn.Linear(32, 40, bias=False), nn.ReLU(), nn.Linear(40, 10, bias=False))
        how = {} if several else dict(spike_fn=sa.SingleSpike, min_v_mem=None, spike_threshold=torch.tensor(0.1))
        self.saved = from_model(analog, (1, 28, 28), num_timesteps=steps, **how)

    def forward(self, x):
        forget(self)
        y = self.saved.spiking_model(x.repeat_interleave(self.steps, 0))
        return y.unflatten(0, (len(x), self.steps)).sum(1)


class SinabsMnist(nn.Module):
    """The CNN of the same example before its conversion, with ReLU."""

    steps = 1

    def __init__(self):
        super().__init__()
        self.saved = SinabsMnistSpiking().saved.analog_model

    def forward(self, x):
        return self.saved(x)


class SinabsCnn(nn.Module):
    """The layers of Sinabs' MNIST example as a spiking network, with one spike a step and fewer channels."""

    def __init__(self, steps=6):
        super().__init__()
        self.steps = steps
        fire = dict(spike_fn=sa.SingleSpike)
        iaf = lambda: sl.IAF(spike_threshold=torch.tensor(1.0), **fire)
        self.spiking_model = nn.Sequential(
            nn.Conv2d(1, 8, 5, bias=False), iaf(), nn.AvgPool2d(2),
            nn.Conv2d(8, 12, 5, bias=False), sl.LIF(tau_mem=5.0, reset_fn=sa.MembraneReset(), **fire), nn.AvgPool2d(2),
            nn.Conv2d(12, 32, 3, bias=False), sl.LIF(tau_mem=3.0, norm_input=False, **fire), nn.AvgPool2d(2), nn.Flatten(),
            nn.Linear(32, 40, bias=False), iaf(), nn.Linear(40, 10, bias=False))

    def forward(self, x):
        n = len(x)
        y = x.unsqueeze(1).repeat(1, self.steps, 1, 1, 1)
        for one in self.spiking_model:
            if isinstance(one, sl.StatefulLayer):
                one.reset_states()
                y = one(y).to(x.dtype)
            else:
                y = one(y.flatten(0, 1)).unflatten(0, (n, self.steps))
        return y.mean(1)


class SinabsKinds(nn.Module):
    """Currents before the membrane, several spikes a step, a reset, and the membrane of a read-out."""

    def __init__(self, steps=6):
        super().__init__()
        self.steps = steps
        self.net = nn.Sequential(
            nn.Flatten(2), nn.Linear(784, 64), sl.LIF(tau_mem=4.0, tau_syn=3.0, spike_threshold=torch.tensor(0.2)),
            nn.Linear(64, 48), sl.LIF(tau_mem=3.0, norm_input=False, spike_fn=sa.MaxSpike(2), reset_fn=sa.MembraneReset()),
            nn.Linear(48, 40), sl.IAF(tau_syn=2.0, spike_fn=sa.SingleSpike, min_v_mem=-0.5),
            nn.Linear(40, 10), sl.ExpLeak(tau_mem=5.0, norm_input=True))

    def forward(self, x):
        forget(self)
        y = x.unsqueeze(1).repeat(1, self.steps, 1, 1, 1)
        for one in self.net:
            y = one(y).to(x.dtype)
        return y.mean(1)


class Fire(torch.autograd.Function):
    @staticmethod
    def forward(ctx, u):
        ctx.save_for_backward(u)
        return (u > 0.5).to(u.dtype)

    @staticmethod
    def backward(ctx, g):
        (u,) = ctx.saved_tensors
        return g * ((u > 0) & (u < 1))


class LIFAct(nn.Module):
    """A leak of 0.25, a threshold of half V_th = 1, a reset to zero: the neuron of Guo et al., over [T,N,...]."""

    def forward(self, x):
        u, out = torch.zeros_like(x[0]), []
        for now in x:
            u = u * 0.25 + now
            spikes = Fire.apply(u)
            u = u * (1 - spikes)
            out.append(spikes)
        return torch.stack(out)


class OverTime(nn.Module):
    """A layer over [T,N,...] under a name of its own, as the wrappers of Guo et al. have it."""

    def __init__(self, name, inner):
        super().__init__()
        self.add_module(name, inner)
        self.name = name

    def forward(self, x):
        y = getattr(self, self.name)(x.flatten(0, 1))
        return y.unflatten(0, x.shape[:2])


class TdBatchNorm(nn.BatchNorm2d):
    """tdBN over [T,N,C,H,W], its factor apart from its weight."""

    def __init__(self, channels, alpha=1.0):
        super().__init__(channels)
        self.factor = 0.5 * alpha

    def forward(self, x):
        y = x.flatten(0, 1)
        shape = (1, -1, 1, 1)
        if self.training:
            mean, var = y.mean((0, 2, 3)), y.var((0, 2, 3), unbiased=False)
            with torch.no_grad():
                self.running_mean.lerp_(mean, 0.1)
                self.running_var.lerp_(var, 0.1)
        else:
            mean, var = self.running_mean, self.running_var
        y = self.factor * (y - mean.view(shape)) / torch.sqrt(var.view(shape) + self.eps)
        return (y * self.weight.view(shape) + self.bias.view(shape)).unflatten(0, x.shape[:2])


class GuoBlock(nn.Module):
    def __init__(self, cin, cout, stride, norm):
        super().__init__()
        changes = stride != 1 or cin != cout
        self.conv1 = OverTime('pool', nn.Conv2d(cin, cout, 3, stride, 1, bias=False))
        self.bn1 = norm(cout, 1.0)
        self.relu1 = LIFAct()
        self.conv2 = OverTime('pool', nn.Conv2d(cout, cout, 3, 1, 1, bias=False))
        self.bn2 = norm(cout, math.sqrt(0.5) if changes else 1.0)
        self.downsample = nn.Sequential(
            OverTime('pool', nn.AvgPool2d(stride, stride)),
            OverTime('pool', nn.Conv2d(cin, cout, 1, bias=False)),
            norm(cout, math.sqrt(0.5))) if changes else None
        self.output_act = LIFAct()

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu1(self.bn1(self.conv1(x)))))
        return self.output_act(y + (x if self.downsample is None else self.downsample(x)))


class GuoResNet20(nn.Module):
    """The names and equations of resnet20_cifar_modified behind SpikeModel, written anew, with fewer channels."""

    def __init__(self, width=8, steps=2, td=False):
        super().__init__()
        self.steps = steps
        norm = (lambda c, alpha: TdBatchNorm(c, alpha)) if td else (lambda c, alpha: OverTime('bn', nn.BatchNorm2d(c)))
        stem = []
        for cin in (3, width, width):
            stem += [OverTime('pool', nn.Conv2d(cin, width, 3, 1, 1, bias=False)), norm(width, 1.0), LIFAct()]
        model = nn.Module()
        model.conv1 = nn.Sequential(*stem)
        model.avgpool = OverTime('pool', nn.AvgPool2d(2))
        sizes = [width, width, 2 * width, 4 * width, 8 * width]
        for s in range(4):
            model.add_module(f'layer{s + 1}', nn.Sequential(
                GuoBlock(sizes[s], sizes[s + 1], 1 if s == 0 else 2, norm),
                GuoBlock(sizes[s + 1], sizes[s + 1], 1, norm)))
        model.fc = OverTime('conv', nn.Linear(sizes[4], 10))
        self.model = model

    def forward(self, x):
        m = self.model
        y = m.avgpool(m.conv1(x.unsqueeze(0).repeat(self.steps, 1, 1, 1, 1)))
        y = m.layer4(m.layer3(m.layer2(m.layer1(y))))
        return m.fc(y.mean((-1, -2))).mean(0)


class Block(nn.Module):
    def __init__(self, of, cin, cout, stride, fire):
        super().__init__()
        self.conv1 = of.Conv2d(cin, cout, 3, stride, 1, bias=False)
        self.bn1 = of.BatchNorm2d(cout)
        self.sn1 = fire()
        self.conv2 = of.Conv2d(cout, cout, 3, 1, 1, bias=False)
        self.bn2 = of.BatchNorm2d(cout)
        self.downsample = nn.Sequential(
            of.Conv2d(cin, cout, 1, stride, bias=False), of.BatchNorm2d(cout)) if stride > 1 else None
        self.sn2 = fire()

    def forward(self, x):
        y = self.bn2(self.conv2(self.sn1(self.bn1(self.conv1(x)))))
        return self.sn2(y + (x if self.downsample is None else self.downsample(x)))


class ResNet20(nn.Module):
    """ResNet20 of He et al. under torchvision's names, with the layers of a library; time is the business of its subclass."""

    def __init__(self, of, fire, steps, width):
        super().__init__()
        self.steps = steps
        self.conv1 = of.Conv2d(3, width, 3, 1, 1, bias=False)
        self.bn1 = of.BatchNorm2d(width)
        self.sn1 = fire()
        sizes = [width, width, 2 * width, 4 * width]
        for s in range(3):
            self.add_module(f'layer{s + 1}', nn.Sequential(
                Block(of, sizes[s], sizes[s + 1], 1 if s == 0 else 2, fire),
                Block(of, sizes[s + 1], sizes[s + 1], 1, fire), Block(of, sizes[s + 1], sizes[s + 1], 1, fire)))
        self.fc = nn.Linear(sizes[3], 10)

    def inside(self, x):
        y = self.layer3(self.layer2(self.layer1(self.sn1(self.bn1(self.conv1(x))))))
        return self.fc(y.mean((-1, -2)))


class SpikingJellyResNet20(ResNet20):
    def __init__(self, width=8, steps=2):
        super().__init__(layer, lambda: neuron.LIFNode(tau=2.0, v_threshold=0.5), steps, width)
        functional.set_step_mode(self, 'm')

    def forward(self, x):
        functional.reset_net(self)
        return self.inside(x.unsqueeze(0).repeat(self.steps, 1, 1, 1, 1)).mean(0)


class SnnTorchResNet20(ResNet20):
    """A learned leak for each layer, reset to zero."""

    def __init__(self, width=8, steps=2):
        fire = lambda: snn.Leaky(beta=0.8, learn_beta=True, threshold=0.6, reset_mechanism='zero', init_hidden=True)
        super().__init__(nn, fire, steps, width)

    def forward(self, x):
        forget(self)
        return torch.stack([self.inside(x) for _ in range(self.steps)]).mean(0)


class SinabsResNet20(ResNet20):
    def __init__(self, width=8, steps=2):
        fire = lambda: sl.LIFSqueeze(
            tau_mem=3.0, spike_threshold=torch.tensor(0.2), spike_fn=sa.SingleSpike, num_timesteps=steps)
        super().__init__(nn, fire, steps, width)

    def forward(self, x):
        forget(self)
        return self.inside(x.repeat_interleave(self.steps, 0)).unflatten(0, (len(x), self.steps)).mean(1)
