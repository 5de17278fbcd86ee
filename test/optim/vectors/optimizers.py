"""Writes optimizers.json: parameters after 100 steps of torch.optim in f64, norms that are clipped, learning rates of
torch's schedulers. Needs torch >= 2.9 (for Muon).

    python test/optim/vectors/optimizers.py

The gradient of number i at step t (from 1) is k*p + sin(0.1*t*(i + 1)) with k = 0.1*(i % 3 + 1), so that nothing but
parameters need be stored. Lion, which torch does not have, follows algorithm 2 of Chen et al. (2023). Muon of torch
makes its directions orthogonal in bfloat16; here its own code runs in f64.
"""

import json
import math
from pathlib import Path

import torch

torch.set_default_dtype(torch.float64)
STEPS = 100
KEPT = [1, 2, 10, 100]


def start(shape):
    size = math.prod(shape)
    return (torch.arange(size) * 0.7).cos().reshape(shape)


def gradient(p, t):
    i = torch.arange(p.numel())
    g = 0.1 * (i % 3 + 1) * p.detach().reshape(-1) + torch.sin(0.1 * t * (i + 1))
    return g.reshape(p.shape)


class Lion(torch.optim.Optimizer):
    def __init__(self, params, lr, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            (b1, b2), lr = group["betas"], group["lr"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                c = b1 * m + (1 - b1) * p.grad
                p -= lr * (torch.sign(c) + group["weight_decay"] * p)
                m.copy_(b2 * m + (1 - b2) * p.grad)


def run(make, shapes):
    params = [torch.nn.Parameter(start(shape)) for shape in shapes]
    optimizer = make(params)
    kept = []
    for t in range(1, STEPS + 1):
        for p in params:
            p.grad = gradient(p, t)
        optimizer.step()
        if t in KEPT:
            kept.append([p.detach().reshape(-1).tolist() for p in params])
    return {"shapes": shapes, "kept": KEPT, "parameters": kept}


VECTORS = [[7], [2, 3]]
MATRICES = [[4, 3], [3, 5], [4, 4]]
optim = torch.optim
cases = []


def case(name, options, make, shapes=VECTORS):
    cases.append({"optimizer": name, "options": options, **run(lambda params: make(params), shapes)})


for o in [
    dict(lr=0.1, momentum=0, weightDecay=0),
    dict(lr=0.1, momentum=0.9, weightDecay=0.01),
    dict(lr=0.1, momentum=0.9, dampening=0.3, weightDecay=0.01),
    dict(lr=0.1, momentum=0, dampening=0.7, weightDecay=0),
    dict(lr=0.05, momentum=0.9, nesterov=True, weightDecay=0.01),
]:
    given = {k: v for k, v in o.items() if k != "weightDecay"}
    case("Sgd", o, lambda p: optim.SGD(p, weight_decay=o["weightDecay"], **given))
for o in [dict(lr=0.01), dict(lr=0.02, betas=[0.8, 0.95], epsilon=1e-3, weightDecay=0.05)]:
    for name in ["Adam", "AdamW"]:
        args = dict(lr=o["lr"], betas=tuple(o.get("betas", (0.9, 0.999))), eps=o.get("epsilon", 1e-8))
        if "weightDecay" in o:
            args["weight_decay"] = o["weightDecay"]
        case(name, o, lambda p: getattr(optim, name)(p, **args))
for o in [
    dict(lr=0.01),
    dict(lr=0.01, alpha=0.9, epsilon=1e-4, momentum=0.5, weightDecay=0.02),
    dict(lr=0.01, alpha=0.9, centered=True, epsilon=1e-4),
]:
    args = dict(
        lr=o["lr"],
        alpha=o.get("alpha", 0.99),
        eps=o.get("epsilon", 1e-8),
        momentum=o.get("momentum", 0),
        centered=o.get("centered", False),
        weight_decay=o.get("weightDecay", 0),
    )
    case("RmsProp", o, lambda p: optim.RMSprop(p, **args))
for o in [dict(lr=0.01), dict(lr=0.02, betas=[0.8, 0.95], weightDecay=0.1)]:
    case("Lion", o, lambda p: Lion(p, o["lr"], o.get("betas", (0.9, 0.99)), o.get("weightDecay", 0.0)))

bfloat16 = torch.bfloat16
torch.bfloat16 = torch.float64
torch_scale = {"original": "original", "matchAdamW": "match_rms_adamw", "spectral": "spectral_unclamped"}
for o in [
    dict(lr=0.02),
    dict(lr=0.02, momentum=0.8, nesterov=False, weightDecay=0, scale="matchAdamW"),
    dict(lr=0.02, coefficients=[3, -3.2, 1.2], iterations=8, scale="spectral"),
]:
    args = dict(
        lr=o["lr"],
        momentum=o.get("momentum", 0.95),
        nesterov=o.get("nesterov", True),
        weight_decay=o.get("weightDecay", 0.1),
        adjust_lr_fn=torch_scale[o.get("scale", "original")],
        ns_steps=o.get("iterations", 5),
        ns_coefficients=tuple(o.get("coefficients", (3.4445, -4.7750, 2.0315))),
    )
    case("Muon", o, lambda p: optim.Muon(p, **args), MATRICES)
torch.bfloat16 = bfloat16

groups = run(
    lambda p: optim.AdamW(
        [dict(params=p[:1]), dict(params=p[1:], lr=0.002, weight_decay=0.5, betas=(0.5, 0.9))],
        lr=0.01,
        weight_decay=0.01,
    ),
    VECTORS,
)

clips = []
for most in [0.5, 2.0, 100.0]:
    params = [torch.nn.Parameter(start(shape)) for shape in VECTORS]
    for p in params:
        p.grad = gradient(p, 3)
    norm = torch.nn.utils.clip_grad_norm_(params, most)
    clips.append({"most": most, "norm": norm.item(), "gradients": [p.grad.reshape(-1).tolist() for p in params]})


def rates(make, steps):
    optimizer = optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = make(optimizer)
    found = []
    for _ in range(steps):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


S = optim.lr_scheduler
schedules = {
    "cosine": rates(lambda o: S.CosineAnnealingLR(o, 40), 40),
    "linear": rates(lambda o: S.LinearLR(o, 1.0, 0.1, 40), 40),
    "oneCycle": rates(lambda o: S.OneCycleLR(o, 1.0, 40, cycle_momentum=False), 40),
    "step": rates(lambda o: S.MultiStepLR(o, [20, 30], 0.1), 40),
    "warmUp": rates(
        lambda o: S.SequentialLR(
            o, [S.LinearLR(o, 0.01, 1.0, 10), S.CosineAnnealingLR(o, 30)], milestones=[10]
        ),
        40,
    ),
}

out = {"torch": torch.__version__, "cases": cases, "groups": groups, "clips": clips, "schedules": schedules}
path = Path(__file__).with_name("optimizers.json")
path.write_text(json.dumps(out) + "\n")
print(path, path.stat().st_size, "bytes")
