"""A training step of SpikingJelly's own networks, with the names that ../work/known.ts has: its VGG by its own layers, with
a head for the pixels that its last pool leaves, and its SEW ResNet of few channels. The job says the layout: `plain` as
its examples write it; `last` in channels last; `once` that, and the first convolution once for all T; `compiled` that
through torch.compile."""

from serve import serve, torch_facts


def prepare(job):
    import spikingjelly
    import torch
    import torch.nn.functional as F
    from spikingjelly.activation_based import functional, layer, neuron, surrogate
    from spikingjelly.activation_based.model.sew_resnet import BasicBlock, SEWResNet
    from spikingjelly.activation_based.model.spiking_vgg import SpikingVGG
    from torch import nn

    from start import read_start

    torch.set_num_threads(job["threads"])
    w, steps = job["width"], job["timesteps"]

    def sn(**_):
        return neuron.LIFNode(tau=2.0, decay_input=False, surrogate_function=surrogate.ATan())

    class Vgg(nn.Module):
        def __init__(self):
            super().__init__()
            plan = [w, w, "M", 2 * w, 2 * w, "M", 4 * w, 4 * w, 4 * w, "M"]
            self.features = SpikingVGG.make_layers(plan, batch_norm=True, neuron=sn)
            hidden = 16 * w
            self.classifier = nn.Sequential(
                layer.Linear(4 * w * 16, hidden), sn(), layer.Dropout(0), layer.Linear(hidden, 10)
            )

        def forward(self, x):
            return self.classifier(torch.flatten(self.features(x), 2))

    class Sew(SEWResNet):
        """With the channels of the job, and for small images a first convolution of 3x3."""

        def __init__(self, large):
            nn.Module.__init__(self)
            self._norm_layer, self.inplanes, self.dilation, self.groups, self.base_width = layer.BatchNorm2d, w, 1, 1, 64
            first = dict(kernel_size=7, stride=2, padding=3) if large else dict(kernel_size=3, padding=1)
            self.conv1 = layer.Conv2d(3, w, bias=False, **first)
            self.bn1, self.sn1 = layer.BatchNorm2d(w), sn()
            self.maxpool = layer.MaxPool2d(kernel_size=3, stride=2, padding=1) if large else nn.Identity()
            for i in range(4):
                stage = self._make_layer(BasicBlock, w * 2**i, 2, stride=min(i, 1) + 1, cnf="ADD", spiking_neuron=sn)
                setattr(self, f"layer{i + 1}", stage)
            self.avgpool, self.fc = layer.AdaptiveAvgPool2d((1, 1)), layer.Linear(8 * w, 10)

    class Once(nn.Module):
        """What is the same at all steps, once."""

        def __init__(self, conv):
            super().__init__()
            self.conv = conv

        def forward(self, x):
            return F.conv2d(x[0], self.conv.weight, self.conv.bias, self.conv.stride, self.conv.padding).expand(
                len(x), -1, -1, -1, -1
            )

    images, labels, state = read_start(job["start"])
    net = Vgg() if job["network"] == "vgg9" else Sew(job["network"].endswith("large"))
    missing, unexpected = net.load_state_dict(state, strict=False)
    unknown = [name for name in missing if not name.endswith("num_batches_tracked")] + list(unexpected)
    if unknown:
        raise ValueError(f"the state file does not fit the network: {unknown[:5]}")
    functional.set_step_mode(net, "m")
    layout = job["layout"]
    if layout != "plain":
        net = net.to(memory_format=torch.channels_last)
        images = images.contiguous(memory_format=torch.channels_last)
    if layout in ("once", "compiled"):
        if job["network"] == "vgg9":
            net.features[0] = Once(net.features[0])
        else:
            net.conv1 = Once(net.conv1)
    net.train()
    sgd = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
    run = torch.compile(net) if layout == "compiled" else net
    if layout in ("once", "compiled"):
        sequence = lambda: images.unsqueeze(0).expand(steps, -1, -1, -1, -1)
    elif layout == "last":
        sequence = lambda: images.repeat(steps, 1, 1, 1).contiguous(memory_format=torch.channels_last).unflatten(0, (steps, -1))
    else:
        sequence = lambda: images.unsqueeze(0).repeat(steps, 1, 1, 1, 1)

    def once():
        sgd.zero_grad()
        loss = F.cross_entropy(run(sequence()).mean(0), labels)
        loss.backward()
        sgd.step()
        functional.reset_net(net)
        return loss.item()

    first, second = once(), once()
    version = getattr(spikingjelly, "__version__", "?")
    return {**torch_facts(torch), "version": version, "firstLoss": first, "secondLoss": second}, once


serve(prepare, "pip install spikingjelly==2.0.0")
