"""Inference of the network that we export, by ONNX Runtime on this processor: the same images, as in step.py."""

from serve import serve


def prepare(job):
    import numpy
    import onnxruntime

    from start import read_start

    images, labels, _ = read_start(job["start"])
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = job["threads"]
    options.inter_op_num_threads = 1
    # threads sleep where they wait, as those of the others do
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(job["model"], options, providers=["CPUExecutionProvider"])
    given = session.get_inputs()[0]
    pixels = images.numpy()
    if given.shape[-1] == pixels.shape[1]:
        pixels = pixels.transpose(0, 2, 3, 1)
    pixels = numpy.ascontiguousarray(pixels)
    labels = labels.numpy()

    def loss(x, own):
        logits = session.run(None, {given.name: x})[0]
        shifted = logits - logits.max(1, keepdims=True)
        return float((numpy.log(numpy.exp(shifted).sum(1)) - shifted[numpy.arange(len(own)), own]).mean())

    facts = {"onnxruntime": onnxruntime.__version__, "threads": job["threads"], "lossOfFirstImage": loss(pixels[:1], labels[:1])}
    return facts, lambda: loss(pixels, labels)


serve(prepare, "pip install onnxruntime")
