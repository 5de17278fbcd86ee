"""LIF and ALIF over T steps in PyTorch, forward or backward: the loop that people write (`eager`; `compiled` by torch.compile), and
the LIF modules of snnTorch and SpikingJelly. The equations are those of our zoo; inputs and gradients come from a formula, so that
both languages have the same.

    LIF    h = v/4 + x,   o = step(h - 1/2),             v = h (1 - o)
    ALIF   h = v/2 + x,   o = step(h - 1 - 0.2 a),       v = h (1 - o),   a = 0.9 a + o
"""

from serve import serve, torch_facts


def prepare(job):
    import math

    import torch

    torch.set_num_threads(1)

    class Window(torch.autograd.Function):
        """A step; backward 1 where |u| < 1/2."""

        @staticmethod
        def forward(ctx, u):
            ctx.save_for_backward(u)
            return (u >= 0).to(u.dtype)

        @staticmethod
        def backward(ctx, g):
            (u,) = ctx.saved_tensors
            return g * (u.abs() < 0.5).to(g.dtype)

    class Arctan(torch.autograd.Function):
        """A step; backward 1/(1 + (pi u)^2)."""

        @staticmethod
        def forward(ctx, u):
            ctx.save_for_backward(u)
            return (u >= 0).to(u.dtype)

        @staticmethod
        def backward(ctx, g):
            (u,) = ctx.saved_tensors
            return g / (1 + (math.pi * u) ** 2)

    def lif(x):
        v, spikes = torch.zeros_like(x[0]), []
        for current in x:
            h = 0.25 * v + current
            o = Window.apply(h - 0.5)
            v = h * (1 - o)
            spikes.append(o)
        return torch.stack(spikes)

    def alif(x):
        v, a, spikes = torch.zeros_like(x[0]), torch.zeros_like(x[0]), []
        for current in x:
            h = 0.5 * v + current
            o = Arctan.apply(h - 1 - 0.2 * a)
            v = h * (1 - o)
            a = 0.9 * a + o
            spikes.append(o)
        return torch.stack(spikes)

    def snntorch():
        import snntorch

        layer = snntorch.Leaky(beta=0.25, threshold=0.5, reset_mechanism="zero", reset_delay=False)

        def forward(x):
            mem, spikes = torch.zeros_like(x[0]), []
            for current in x:
                spike, mem = layer(current, mem)
                spikes.append(spike)
            return torch.stack(spikes)

        return forward, snntorch.__version__

    def spikingjelly():
        from importlib.metadata import version

        from spikingjelly.activation_based import functional, neuron, surrogate

        layer = neuron.LIFNode(
            tau=4 / 3,
            decay_input=False,
            v_threshold=0.5,
            v_reset=0.0,
            surrogate_function=surrogate.Rect(),
            step_mode="m",
        )

        def forward(x):
            functional.reset_net(layer)
            return layer(x)

        return forward, version("spikingjelly")

    facts = torch_facts(torch)
    modules = {"snntorch": snntorch, "spikingjelly": spikingjelly}
    if job["kind"] in modules:
        if job["neuron"] != "lif":
            raise RuntimeError("it has no such module")
        forward, facts["version"] = modules[job["kind"]]()
    else:
        forward = {"lif": lif, "alif": alif}[job["neuron"]]
    if job["kind"] == "compiled":
        import torch._functorch.config

        torch._functorch.config.donated_buffer = False  # backward runs more than once
        forward = torch.compile(forward)

    shape = [job["timesteps"], job["neurons"]]
    count = math.prod(shape)

    def spread(factor):
        """Evenly in [0, 1), as work/scan.ts has it."""
        places = torch.arange(count, dtype=torch.int64)
        return ((places * factor) % 2**32).double().div_(2**32).float().reshape(shape)

    x = (1.7 * spread(2654435761) - 0.5).requires_grad_()
    g = spread(2246822519) - 0.5
    y = forward(x)
    (dx,) = torch.autograd.grad(y, x, g, retain_graph=True)
    facts["rate"] = y.double().mean().item()
    if job["kind"] != "snntorch":  # its surrogate is another
        facts["gradient"] = dx.double().abs().mean().item()

    def once():
        if job["pass"] == "forward":
            forward(x)
        else:
            torch.autograd.grad(y, x, g, retain_graph=True)

    return facts, once


serve(prepare, "pip install torch snntorch spikingjelly")
