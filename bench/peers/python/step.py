"""A training step or an inference of the spiking ResNet20 in PyTorch. The job says the layout: `plain` is what a first
version looks like, `last` is the fastest that we know of: channels last, the first convolution once for all T; `compiled` that
through torch.compile. A library named there lends the neurons instead: SpikingJelly or snnTorch."""

from serve import serve, torch_facts


def prepare(job):
    from importlib.metadata import version

    import torch
    import torch.nn.functional as F

    from libraries import LIBRARIES
    from network import SpikingResNet20
    from neuron import Lif
    from start import read_start

    torch.set_num_threads(job["threads"])
    device = job.get("device", "cpu")
    if device == "cuda" and not torch.cuda.is_available():
        raise RuntimeError("PyTorch finds no CUDA device")
    images, labels, state = read_start(job["start"])
    last = job["layout"] != "plain"
    facts = torch_facts(torch)
    neuron = Lif
    if "library" in job:
        neuron = LIBRARIES[job["library"]]
        facts["version"] = version(job["library"])
    network = SpikingResNet20(job["variant"], job["timesteps"], once=last, neuron=neuron)
    network.start_from(state)
    if last:
        network = network.to(memory_format=torch.channels_last)
        images = images.contiguous(memory_format=torch.channels_last)
    network, images, labels = network.to(device), images.to(device), labels.to(device)
    sgd = torch.optim.SGD(network.parameters(), lr=0.05, momentum=0.9)

    def train():
        sgd.zero_grad()
        loss = F.cross_entropy(network(images), labels)
        loss.backward()
        sgd.step()
        return loss.item()

    def infer():
        with torch.inference_mode():
            return F.cross_entropy(network(images), labels).item()

    network.train(job["kind"] == "train")
    if job["layout"] == "int8":
        from int8 import quantise

        quantise(network, images)
    with torch.no_grad():
        facts["lossOfFirstImage"] = F.cross_entropy(network(images[:1]), labels[:1]).item()
    if job["layout"] == "compiled":
        network = torch.compile(network)
    return facts, train if job["kind"] == "train" else infer


serve(prepare, "pip install torch snntorch spikingjelly")
