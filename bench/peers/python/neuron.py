"""LIF with MPR and a rectangular surrogate, on [T*N,C,H,W] with time slowest: what people write in PyTorch.

    H = tau V + X,   O = step(phi(H) - vth),   V = H (1 - O),   phi(x) = tanh(k(x - 1/2)) / (2 tanh(k/2)) + 1/2
"""

import math

import torch
from torch import nn

TAU, VTH, K = 0.25, 0.5, 3.0


class Fire(torch.autograd.Function):
    """A step forward, a window of width 1 backward."""

    @staticmethod
    def forward(ctx, u):
        ctx.save_for_backward(u)
        return (u >= 0).to(u.dtype)

    @staticmethod
    def backward(ctx, gradient):
        (u,) = ctx.saved_tensors
        return gradient * (u.abs() < 0.5).to(gradient.dtype)


def rectify(x):
    return torch.tanh(K * (x - 0.5)) / (2 * math.tanh(K / 2)) + 0.5


class Lif(nn.Module):
    def __init__(self, timesteps):
        super().__init__()
        self.timesteps = timesteps

    def forward(self, currents):
        potential, spikes = None, []
        for current in currents.chunk(self.timesteps):
            charged = current if potential is None else TAU * potential + current
            # phi moves no membrane across 1/2, so only training needs it
            fired = Fire.apply(rectify(charged) - VTH) if self.training else (charged >= VTH).to(charged.dtype)
            potential = charged * (1 - fired)
            spikes.append(fired)
        return torch.cat(spikes)
