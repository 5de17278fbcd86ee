// The module: everything that TypeScript may call.

export * from "./memory";
export * from "./neuron-forward";
export * from "./neuron-backward";
export * from "./gemm";
export * from "./pack";
export * from "./bits";
export * from "./spike-tables";
export * from "./spike-events";
export * from "./spike-lists";
export * from "./spike-weight-gradient";
export * from "./winograd";
export * from "./winograd-weights";
export * from "./norm-sums";
export * from "./norm-coefficients";
export * from "./norm";
export * from "./training";
export * from "./pool";
export * from "./elementwise";
export * from "./strided-gradient";
export * from "./planes";
export * from "./matmul";
export * from "./spike-conv";
export * from "./sums";
export * from "./windows";
export * from "./dense-conv";
export * from "./small-conv";
