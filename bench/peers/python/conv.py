"""A 3x3 convolution of 0/1 images in PyTorch, channels last: forward, or its weight gradient alone."""

from serve import serve, torch_facts


def prepare(job):
    import torch
    import torch.nn.functional as F

    torch.set_num_threads(1)
    torch.manual_seed(0)
    channels, side, planes = job["channels"], job["side"], job["timesteps"] * job["batch"]
    layout = dict(memory_format=torch.channels_last)
    spikes = (torch.rand(planes, channels, side, side) < job["rate"]).float().contiguous(**layout)
    weight = (torch.randn(channels, channels, 3, 3) * 0.1).contiguous(**layout)
    gradient = torch.randn(planes, channels, side, side).contiguous(**layout)

    def forward():
        with torch.inference_mode():
            F.conv2d(spikes, weight, padding=1)

    def weight_gradient():
        torch.ops.aten.convolution_backward(
            gradient, spikes, weight, None, [1, 1], [1, 1], [1, 1], False, [0, 0], 1, [False, True, False]
        )

    return torch_facts(torch), forward if job["pass"] == "forward" else weight_gradient


serve(prepare, "apt-get install -y python3-torch")
