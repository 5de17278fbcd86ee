# Writes surrogates.json: what SpikingJelly 2.0 and snnTorch 1.0 compute for each of their deterministic surrogates, in
# f64, beside the call that makes the same here. python surrogates.py; needs torch, spikingjelly, snntorch.

import json
import math
import pathlib

import snntorch.surrogate as snntorch
import spikingjelly.activation_based.surrogate as jelly
import torch

# none at 0, where snnTorch does not fire, and none at a corner
POINTS = [-6.3, -3.1, -2.2, -1.3, -0.97, -0.7, -0.41, -0.26, -0.12, -0.03,
          0.02, 0.11, 0.24, 0.39, 0.66, 0.93, 1.2, 1.9, 2.7, 5.8]


def of(peer, call, ours, **options):
    u = torch.tensor(POINTS, dtype=torch.float64, requires_grad=True)
    call(u).sum().backward()
    entry = {"peer": peer, "ours": ours, "options": options, "derivative": u.grad.tolist()}
    if hasattr(call, "primitive_function") and not isinstance(call, (jelly.SuperSpike, jelly.FakeNumericalGradient)):
        call.set_spiking_mode(False)
        entry["value"] = call(u.detach().clone()).tolist()
    return entry


def all_of():
    for a in (1.0, 2.5):
        yield of(f"jelly.PiecewiseQuadratic({a})", jelly.PiecewiseQuadratic(a), "triangular", width=1 / a)
        yield of(f"jelly.PiecewiseExp({a})", jelly.PiecewiseExp(a), "doubleExponential", alpha=a)
        yield of(f"jelly.Sigmoid({4 * a})", jelly.Sigmoid(4 * a), "sigmoidal", alpha=4 * a)
        yield of(f"jelly.SoftSign({a})", jelly.SoftSign(a), "fastSigmoid", beta=a, scale=a / 2) | {"shift": 0.5}
        yield of(f"jelly.SuperSpike({a})", jelly.SuperSpike(a), "fastSigmoid", beta=1, scale=a)
        yield of(f"jelly.ATan({a})", jelly.ATan(a), "arctan", alpha=a)
        yield of(f"jelly.NonzeroSignLogAbs({a})", jelly.NonzeroSignLogAbs(a), "logarithmic", alpha=a)
        yield of(f"jelly.Erf({a})", jelly.Erf(a), "gaussian", alpha=a)
        yield of(f"jelly.PiecewiseLeakyReLU({a}, 0.01)", jelly.PiecewiseLeakyReLU(a, 0.01), "leakyRectangular", window=2 * a, leak=0.01)
        # its primitive has 1e-5 more in the logarithm
        yield of(f"jelly.S2NN(4.0, {a})", jelly.S2NN(4.0, a), "s2nn", alpha=4, beta=a) | {"tolerance": 3e-5 * a, "least": -1}
        yield of(f"jelly.QPseudoSpike({a + 1})", jelly.QPseudoSpike(a + 1), "qPseudoSpike", alpha=a + 1)
        yield of(f"jelly.LeakyKReLU(0.1, {a})", jelly.LeakyKReLU(0.1, a), "twoSlopes", below=0.1, above=a)
        yield of(f"jelly.FakeNumericalGradient({a})", jelly.FakeNumericalGradient(a), "clippedReciprocal", alpha=a)
        yield of(f"jelly.Rect({a})", jelly.Rect(a), "rectangular", window=1 / a)
        yield of(f"snntorch.fast_sigmoid({10 * a})", snntorch.fast_sigmoid(10 * a), "fastSigmoid", beta=10 * a)
        yield of(f"snntorch.sigmoid({10 * a})", snntorch.sigmoid(10 * a), "sigmoidal", alpha=10 * a)
        yield of(f"snntorch.spike_rate_escape({a}, 25)", snntorch.spike_rate_escape(a, 25), "doubleExponential", alpha=a, centre=1, scale=50 / a)
        yield of(f"snntorch.SFS(25, {a - 2})", snntorch.SFS(25, a - 2), "sparseFastSigmoid", beta=25, least=a - 2)
    for n, period in ((2, 8.0), (4, 5.0)):
        yield of(f"jelly.SquarewaveFourierSeries({n}, {period})", jelly.SquarewaveFourierSeries(n, period), "squareWave", terms=n - 1, period=period)
    for leak in (0.0, 0.05):
        yield of(f"jelly.LogTailedReLU({leak})", jelly.LogTailedReLU(leak), "logTailed", leak=leak)
    yield of("jelly.DeterministicPass()", jelly.DeterministicPass(), "straightThrough")
    yield of("snntorch.straight_through_estimator()", snntorch.straight_through_estimator(), "straightThrough")
    yield of("snntorch.atan(2.0)", snntorch.atan(2.0), "arctan", alpha=2)
    yield of("snntorch.heaviside()", snntorch.heaviside(), "twoSlopes", below=0, above=1)
    yield of("snntorch.triangular(0.75)", snntorch.triangular(0.75), "twoSlopes", below=0.75, above=-0.75)
    # snntorch.LSO(0.1) fails at its first call in 1.0.0, so its function is asked
    yield of("snntorch.LeakySpikeOperator(0.1)", lambda u: Leaky.apply(u), "twoSlopes", below=0.1, above=1)


class Leaky(torch.autograd.Function):
    # as snntorch.surrogate.LeakySpikeOperator.backward, which returns one gradient for two arguments
    @staticmethod
    def forward(ctx, u):
        ctx.save_for_backward((u > 0).double())
        return (u > 0).double()

    @staticmethod
    def backward(ctx, g):
        (out,) = ctx.saved_tensors
        return g * out + (1 - out) * 0.1 * g


cases = list(all_of())
for case in cases:
    for key in ("value", "derivative"):
        assert all(math.isfinite(x) or case["ours"] == "sigmoidal" for x in case.get(key, [])), case
lines = ",\n".join(json.dumps(case).replace("NaN", "null") for case in cases)
path = pathlib.Path(__file__).with_name("surrogates.json")
path.write_text(f'{{"u": {json.dumps(POINTS)},\n"cases": [\n{lines}\n]}}\n')
print(path.stat().st_size, "bytes,", len(cases), "cases")
