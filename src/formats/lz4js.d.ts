// lz4js has no types of its own. Only what is used.

declare module 'lz4js' {
  const lz4: {
    decompressBlock(
      from: Uint8Array,
      to: Uint8Array,
      fromIndex: number,
      fromLength: number,
      toIndex: number,
    ): number;
  };
  export default lz4;
}
