// The module: everything that TypeScript may call.

export * from "./memory";
export * from "./neuron-forward";
export * from "./neuron-backward";
export * from "./gemm";
export * from "./pack";
