"""The neuron of neuron.py as layers of SpikingJelly and of snnTorch, which only lend their loop: constants, rectifier and surrogate
are those of neuron.py, so that losses are the same. What a library puts around the surrogate's argument, membrane less
threshold, is taken back before the rectifier sees it."""

import torch
from torch import nn

from neuron import TAU, VTH, Fire, rectify


def fire(above):
    return Fire.apply(rectify(above + VTH) - VTH)


class SpikingJelly(nn.Module):
    def __init__(self, timesteps):
        from spikingjelly.activation_based import neuron

        super().__init__()
        self.timesteps = timesteps
        self.node = neuron.LIFNode(
            tau=1 / (1 - TAU), decay_input=False, v_threshold=VTH, v_reset=0.0, surrogate_function=fire, step_mode="m"
        )

    def forward(self, currents):
        self.node.reset()
        return self.node(currents.unflatten(0, (self.timesteps, -1))).flatten(0, 1)


class SnnTorch(nn.Module):
    def __init__(self, timesteps):
        import snntorch

        super().__init__()
        self.timesteps = timesteps
        self.node = snntorch.Leaky(
            beta=TAU, threshold=VTH, reset_mechanism="zero", reset_delay=False, spike_grad=fire
        )

    def forward(self, currents):
        steps, spikes = currents.chunk(self.timesteps), []
        membrane = torch.zeros_like(steps[0])
        for current in steps:
            fired, membrane = self.node(current, membrane)
            spikes.append(fired)
        return torch.cat(spikes)


LIBRARIES = {"spikingjelly": SpikingJelly, "snntorch": SnnTorch}
