// The part of gpu.js that the compiler uses: its WebGPU kernel class, up to the point where it would ask for a device.
// gpu.js itself has types for its public classes only.

declare module 'gpu.js/src/backend/web-gpu/kernel.js' {
  /** Byte offsets in the uniform block. */
  interface ParamsLayout {
    readonly arrayArgs: readonly { readonly name: string; readonly dimsOffset: number }[];
    readonly scalarArgs: readonly { readonly name: string; readonly offset: number }[];
    readonly byteLength: number;
  }

  export class WebGPUKernel {
    constructor(source: string, settings: Readonly<Record<string, unknown>>);
    output: number[];
    threadDim: number[];
    paramsLayout: ParamsLayout;
    /** The kernel's statements in WGSL, and the functions that it calls. */
    translatedBody: string;
    translatedFunctions: string;
    setupConstants(): void;
    setupArguments(args: readonly unknown[]): void;
    validateSettings(args: readonly unknown[]): void;
    translateSource(): void;
    computeParamsLayout(): ParamsLayout;
    assembleWGSL(): string;
  }
}

declare module 'gpu.js/src/input.js' {
  export class Input {
    constructor(value: Float32Array, size: readonly number[]);
  }
}

declare module 'gpu.js/src/backend/web-gl2/function-node.js' {
  export class WebGL2FunctionNode {
    private readonly ast: unknown;
  }
}

declare module 'gpu.js/src/backend/function-builder.js' {
  import type { WebGL2FunctionNode } from 'gpu.js/src/backend/web-gl2/function-node.js';

  export class FunctionBuilder {
    /** @param kernel what the builder reads of a gpu.js kernel */
    static fromKernel(
      kernel: Readonly<Record<string, unknown>>,
      node: typeof WebGL2FunctionNode,
      options: Readonly<Record<string, unknown>>,
    ): FunctionBuilder;
    /** GLSL of a function with all that it calls. */
    getPrototypeString(name: string): string;
  }
}
