// Numbers of a file as this machine has them: typed arrays are little-endian everywhere that this library runs.

/** A copy at offset 0 of its own buffer, with the bytes of each element turned round where the file has them so. */
export function ownBytes(
  bytes: Uint8Array,
  { size, swap = false }: { readonly size: number; readonly swap?: boolean },
): ArrayBuffer {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  if (swap) for (let at = 0; at < copy.length; at += size) copy.subarray(at, at + size).reverse();
  return copy.buffer;
}
