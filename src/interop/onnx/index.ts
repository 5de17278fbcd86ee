// What `spikegrad/onnx` gives: trained networks as ONNX models, which run wherever ONNX Runtime does.

export { type ToOnnxOptions, toOnnx } from './export';
