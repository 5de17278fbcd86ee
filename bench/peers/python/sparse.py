"""A depthwise or 1x1 convolution of 0/1 images in PyTorch, channels last, forward or its weight gradient alone, on the
numbers that ../work/sparse.ts has."""

from serve import serve, torch_facts


def prepare(job):
    import torch
    import torch.nn.functional as F

    torch.set_num_threads(1)
    channels, side, planes = job["channels"], job["side"], job["planes"]
    depthwise = job["shape"] == "depthwise"
    groups, padding, kernel = (channels, 1, 3) if depthwise else (1, 0, 1)

    def spread(count, factor):
        index = torch.arange(1, count + 1, dtype=torch.int64)
        return ((index * factor) % 2**32).double().div(2**32).float()

    size = planes * side * side * channels
    image = lambda numbers: numbers.reshape(planes, side, side, channels).permute(0, 3, 1, 2)
    spikes = image((spread(size, 2654435761) < job["rate"]).float())
    # ours are [kh,kw,cin/groups,cout]
    depth = channels // groups
    weight = (spread(kernel * kernel * depth * channels, 3266489917) - 0.5).reshape(kernel, kernel, depth, channels)
    weight = weight.permute(3, 2, 0, 1).contiguous(memory_format=torch.channels_last)
    gradient = image(spread(size, 2246822519) - 0.5)

    def forward():
        with torch.inference_mode():
            return F.conv2d(spikes, weight, padding=padding, groups=groups)

    def weight_gradient():
        return torch.ops.aten.convolution_backward(
            gradient, spikes, weight, None, [1, 1], [padding, padding], [1, 1], False, [0, 0], groups,
            [False, True, False],
        )[1]  # fmt: skip

    once = forward if job["pass"] == "forward" else weight_gradient
    return {**torch_facts(torch), "sum": once().abs().double().mean().item()}, once


serve(prepare, "pip install torch")
