/**
 * What `spikegrad/onnx` gives: trained networks as ONNX models, which run wherever ONNX Runtime does, and what a
 * model says of itself.
 *
 * @module spikegrad/onnx
 */

export { describeOnnx, type OnnxDescription, type OnnxValue } from './describe';
export { type ToOnnxOptions, toOnnx } from './export';
