"""The recipe `fast` in PyTorch: the same network, weights, phases, groups and rates as `spikegrad train --recipe fast`.

    npx tsx bench/speedrun/peer.ts --out FOLDER       settings, first weights, first batches and our losses
    python bench/peers/python/fast.py check FOLDER    the same losses here, batch by batch
    python bench/peers/python/fast.py train FOLDER DATA [--threads N] [--images N]

`train` draws order, shifts and flips from a generator of its own; DATA is the folder of CIFAR-10's binary files.
"""

import argparse
import json
import math
import pathlib
import time

import numpy
import torch
import torch.nn.functional as F

from network import Norm, SpikingResNet20
from neuron import TAU, VTH, Fire, Lif
from tensors import read_tensors

MEAN, DEVIATION = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)


class ScaledNorm(Norm):
    """tdBN with its factor beside the weight, so that a step moves the weight as far as ours does."""

    def forward(self, x):
        weight = self.weight * (self.alpha * VTH)
        return F.batch_norm(
            x, self.running_mean, self.running_var, weight, self.bias, self.training, self.momentum, self.eps
        )


class PlainLif(Lif):
    """Without MPR."""

    def forward(self, currents):
        potential, spikes = None, []
        for current in currents.chunk(self.timesteps):
            charged = current if potential is None else TAU * potential + current
            fired = Fire.apply(charged - VTH)
            potential = charged * (1 - fired)
            spikes.append(fired)
        return torch.cat(spikes)


def network_of(settings, state):
    network = SpikingResNet20("small", settings["timesteps"], once=True)
    for module in network.modules():
        if isinstance(module, Norm):
            module.__class__ = ScaledNorm
        if isinstance(module, Lif):
            module.__class__ = PlainLif
    missing, unexpected = network.load_state_dict(state, strict=False)
    unknown = [name for name in missing if not name.endswith("num_batches_tracked")] + list(unexpected)
    if unknown:
        raise ValueError(f"the state file does not fit the network: {unknown[:5]}")
    return network.to(memory_format=torch.channels_last)


def set_timesteps(network, timesteps):
    for module in network.modules():
        if hasattr(module, "timesteps"):
            module.timesteps = timesteps


def optimizer_of(network, settings):
    """Weights decay, norms and biases do not, norms' biases have a rate of their own."""
    biases = [module.bias for module in network.modules() if isinstance(module, Norm)]
    taken = {id(parameter) for parameter in biases}
    weights = [parameter for parameter in network.parameters() if parameter.dim() >= 2]
    taken |= {id(parameter) for parameter in weights}
    others = [parameter for parameter in network.parameters() if id(parameter) not in taken]
    groups = [
        dict(params=weights, weight_decay=settings["weightDecay"], share=1.0),
        dict(params=others, weight_decay=0.0, share=1.0),
        dict(params=biases, weight_decay=0.0, share=settings.get("normBiasRate", 1)),
    ]
    nesterov = settings.get("optimizer", "sgd") == "nesterov"
    return torch.optim.SGD(groups, lr=settings["lr"], momentum=settings["momentum"], nesterov=nesterov)


def plan_of(settings, steps):
    """For each step its time steps and its share of the rate."""
    phases = settings["phases"]
    whole = sum(phase["parts"] for phase in phases)
    plan, before, begin = [], 0.0, 0
    for number, phase in enumerate(phases):
        before += phase["parts"]
        end = steps if number == len(phases) - 1 else math.floor(before / whole * steps + 0.5)
        for step in range(begin, end):
            done = (step - begin) / (end - begin)
            share = phase["to"] + (phase["from"] - phase["to"]) * (1 - done)
            plan.append((phase.get("timesteps", settings["timesteps"]), share))
        begin = end
    return plan


def step(network, optimizer, images, labels, rate, settings):
    for group in optimizer.param_groups:
        group["lr"] = rate * group["share"]
    loss = F.cross_entropy(network(images), labels, label_smoothing=settings.get("labelSmoothing", 0))
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    return loss.item()


def measure_norms(network, batches):
    """The mean of the statistics of some batches in the place of the running ones."""
    norms = [module for module in network.modules() if isinstance(module, Norm)]
    usual = [norm.momentum for norm in norms]
    with torch.no_grad():
        for number, (images, _) in enumerate(batches):
            for norm in norms:
                norm.momentum = 1 / (number + 1)
            network(images)
    for norm, momentum in zip(norms, usual):
        norm.momentum = momentum


def check(folder):
    settings = json.loads((folder / "settings.json").read_text())
    ours = json.loads((folder / "losses.json").read_text())
    network = network_of(settings, read_tensors(folder / "state.safetensors")).double()
    optimizer = optimizer_of(network, settings)
    batches = read_tensors(folder / "batches.safetensors")
    worst = 0.0
    for number, (rate, timesteps, loss) in enumerate(ours):
        set_timesteps(network, timesteps)
        images = batches[f"images.{number}"].double().permute(0, 3, 1, 2)
        here = step(network, optimizer, images, batches[f"labels.{number}"].long(), rate, settings)
        worst = max(worst, abs(here - loss))
        print(f"step {number + 1}: T={timesteps} rate {rate:.5f} loss here {here:.12f} there {loss:.12f}")
    print(f"farthest apart: {worst:.2e}")


def read_images(data, names):
    rows = numpy.concatenate([numpy.fromfile(data / name, numpy.uint8).reshape(-1, 3073) for name in names])
    mean, deviation = (torch.tensor(numbers).view(1, 3, 1, 1) for numbers in (MEAN, DEVIATION))
    pixels = torch.from_numpy(rows[:, 1:].reshape(-1, 3, 32, 32).copy()).float() / 255
    return (pixels - mean) / deviation, torch.from_numpy(rows[:, 0].copy()).long()


def augmented(images, generator, settings, turned):
    names = settings["augment"]
    reach = 4 if "crop" in names else 2 if "shift" in names else 0
    black = -torch.tensor(MEAN) / torch.tensor(DEVIATION)
    if "crop" in names:
        padded = black.view(1, 3, 1, 1).expand(len(images), 3, 32 + 2 * reach, 32 + 2 * reach).clone()
        padded[:, :, reach : 32 + reach, reach : 32 + reach] = images
    elif reach > 0:
        padded = F.pad(images, [reach] * 4, mode="reflect")
    else:
        padded = images
    out = torch.empty_like(images)
    shifts = torch.randint(0, 2 * reach + 1, (len(images), 2), generator=generator).tolist()
    coins = torch.randint(0, 2, (len(images),), generator=generator).bool()
    mirrored = turned if "alternate-flip" in names else coins if "flip" in names else torch.zeros_like(coins)
    for number, (top, left) in enumerate(shifts):
        view = padded[number, :, top : top + 32, left : left + 32]
        out[number] = view.flip(2) if mirrored[number] else view
    return out.contiguous(memory_format=torch.channels_last)


def train(folder, data, limit):
    settings = json.loads((folder / "settings.json").read_text())
    network = network_of(settings, read_tensors(folder / "state.safetensors"))
    optimizer = optimizer_of(network, settings)
    images, labels = read_images(data, [f"data_batch_{number}.bin" for number in range(1, 6)])
    images, labels = images[:limit], labels[:limit]
    judged = read_images(data, ["test_batch.bin"])
    generator = torch.Generator().manual_seed(settings["seed"])
    sides = torch.randint(0, 2, (len(images),), generator=generator).bool()
    size, epochs = settings["batch"], settings["epochs"]
    plan = plan_of(settings, epochs * math.ceil(len(images) / size))
    number, now, spent = 0, None, 0.0
    for epoch in range(epochs):
        order = torch.randperm(len(images), generator=generator)

        def batch(begin):
            chosen = order[begin : begin + size]
            turned = sides[chosen] ^ bool(epoch % 2)
            return augmented(images[chosen], generator, settings, turned), labels[chosen]

        network.train()
        began = time.process_time()
        for begin in range(0, len(images), size):
            timesteps, share = plan[number]
            if timesteps != now:
                set_timesteps(network, timesteps)
                if now is not None and settings.get("normBatches", 0) > 0:
                    measure_norms(network, map(batch, range(0, min(settings["normBatches"] * size, len(images)), size)))
                now = timesteps
            step(network, optimizer, *batch(begin), settings["lr"] * share, settings)
            number += 1
        spent += time.process_time() - began
        print(f"epoch {epoch + 1}: T={now} test {judge(network, *judged):.4f} after {spent:.0f} s of processor time")


def judge(network, images, labels):
    network.eval()
    right = 0
    with torch.inference_mode():
        for part, wanted in zip(images.split(100), labels.split(100)):
            logits = network(part.contiguous(memory_format=torch.channels_last))
            right += (logits.argmax(1) == wanted).sum().item()
    return right / len(images)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("work", choices=["check", "train"])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("data", type=pathlib.Path, nargs="?")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--images", type=int, default=50_000)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.work == "check":
        check(options.folder)
    else:
        train(options.folder, options.data, options.images)
