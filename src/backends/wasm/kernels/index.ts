// The module: everything that TypeScript may call.

export * from "./memory";
