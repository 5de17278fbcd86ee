// A tile of the weight gradient: some time steps of small planes, or some rows of a large one, as many positions as the
// nearest cache holds. Its sizes and where its parts lie in the scratch memory; no lists and no sums here.
//
// H and W below are those of the spikes, OH and OW those of the gradient: ⌈H/stride⌉ and ⌈W/stride⌉. The gradient of
// a tile is [planes][rows + 2][OW + 2][8 output channels]: a pixel is a position of 32 bytes, with its neighbours
// around it.

/** Positions of a tile, 32 bytes each, and half as many and their sums with their neighbours. */
const POSITIONS = 800;
const PAIRED = 600;

/** Starts the scratch memory. */
@unmanaged
export class Tile {
  /** Spikes of the tile's first pixel; bytes to the next plane and to the next row. */
  bits: usize;
  bitPitch: usize;
  bitRow: usize;
  W: i32;
  /** Rows of spikes from the tile's first one to the image's end. */
  height: i32;
  stride: i32;
  planes: i32;
  rows: i32;
  /** Positions of a row and of a plane. */
  width: i32;
  plane: i32;
  /** The first of some positions behind the tile that are zero. */
  none: i32;
  /** From position p on this far lies the sum of p and p + 1; 0: no pairs. */
  pair: i32;
  positions: usize;
  pairTable: usize;
  /** Bits of one group of channels by channel, and the position of each byte of them. */
  chunks: usize;
  places: usize;
  starts: usize;
  gradient: usize;
  lists: usize;
}

/** Whether positions of pairs fit 16 bits. */
export function pairsFit(OW: i32): bool {
  return OW <= 6000;
}

// Equal shares, so that no tile is a small rest.

export function tilePlanes(pairs: bool, T: i32, OH: i32, OW: i32): i32 {
  return partSize(T, max(1, (pairs ? PAIRED : POSITIONS) / ((OH + 2) * (OW + 2))));
}

export function tileRows(pairs: bool, OH: i32, OW: i32): i32 {
  return partSize(OH, max(1, (pairs ? PAIRED : POSITIONS) / (OW + 2) - 2));
}

/** n cut into the fewest equal parts of at most `most`. */
// @ts-ignore: decorator
@inline function partSize(n: i32, most: i32): i32 {
  const parts = (n + most - 1) / most;
  return (n + parts - 1) / parts;
}

/** Positions of a whole tile. */
function tilePositions(pairs: bool, T: i32, OH: i32, OW: i32): i32 {
  return tilePlanes(pairs, T, OH, OW) * (tileRows(pairs, OH, OW) + 2) * (OW + 2);
}

/** Three rows of taps from the first of these positions are zero. */
// @ts-ignore: decorator
@inline function zeroPositions(OW: i32): i32 {
  return 2 * (OW + 2) + 4;
}

/** The scratch memory: Tile, table of pairs, then tile.chunks and what follows in the order there. */
const TILE_BYTES = 128;
const PAIR_TABLE_BYTES = 256 * 16 + 256;

export function spikeWeightScratchBytes(T: i32, H: i32, W: i32, cin: i32, stride: i32): f64 {
  return max(
    scratchBytes(false, T, H, W, cin, stride),
    pairsFit((W - 1) / stride + 1) ? scratchBytes(true, T, H, W, cin, stride) : 0,
  );
}

function scratchBytes(pairs: bool, T: i32, H: i32, W: i32, cin: i32, stride: i32): f64 {
  const OH = (H - 1) / stride + 1;
  const OW = (W - 1) / stride + 1;
  const classes = stride * stride;
  const lists = classes * cin;
  const chunks = tileChunks(pairs, T, OH, OW);
  const spikes = tilePlanes(pairs, T, OH, OW) * tileRows(pairs, OH, OW) * stride * OW * stride;
  // a list is rounded up to 4 entries, and writing one touches 16 bytes behind it
  return (
    <f64>(TILE_BYTES + PAIR_TABLE_BYTES + chunksBytes(chunks, classes) + placesBytes(chunks) + startsBytes(lists)) +
    <f64>gradientBytes(pairs, T, OH, OW) + 2 * <f64>spikes * <f64>cin + 8 * <f64>lists + 32
  );
}

function tileChunks(pairs: bool, T: i32, OH: i32, OW: i32): i32 {
  return tilePlanes(pairs, T, OH, OW) * tileRows(pairs, OH, OW) * ((OW + 7) >> 3);
}

function chunksBytes(chunks: i32, classes: i32): i32 {
  return (8 * classes * (chunks + 1) + 64) & ~63;
}

function placesBytes(chunks: i32): i32 {
  return (2 * chunks + 63) & ~63;
}

function startsBytes(lists: i32): i32 {
  return ((lists + 1) * 4 + 63) & ~63;
}

function gradientBytes(pairs: bool, T: i32, OH: i32, OW: i32): i32 {
  return ((tilePositions(pairs, T, OH, OW) + zeroPositions(OW)) << 5) << <i32>pairs;
}

/** A tile in the scratch memory, with its constant parts; `channels` of them are listed at a time. */
export function layTile(
  scratch: usize, pairs: bool, T: i32, H: i32, W: i32, channels: i32, stride: i32, positions: usize,
): Tile {
  const tile = changetype<Tile>(scratch);
  const OH = (H - 1) / stride + 1;
  const OW = (W - 1) / stride + 1;
  const zeros = zeroPositions(OW);
  tile.W = W;
  tile.stride = stride;
  tile.width = OW + 2;
  tile.none = tilePositions(pairs, T, OH, OW);
  tile.pair = pairs ? tile.none + zeros : 0;
  tile.positions = positions;
  tile.pairTable = scratch + TILE_BYTES;
  const chunks = tileChunks(pairs, T, OH, OW);
  tile.chunks = tile.pairTable + PAIR_TABLE_BYTES;
  tile.places = tile.chunks + chunksBytes(chunks, stride * stride);
  tile.starts = tile.places + placesBytes(chunks);
  tile.gradient = tile.starts + startsBytes(channels * stride * stride);
  tile.lists = tile.gradient + gradientBytes(pairs, T, OH, OW);
  memory.fill(tile.gradient + (<usize>tile.none << 5), 0, <usize>zeros << 5);
  if (pairs) fillPairTable(tile.pairTable, tile.pair);
  return tile;
}

/**
 * For every byte the entries that its bits make, from the lowest on, [256][8] of 16 bits, and behind all of them how
 * many: bit j alone is j, bits j and j + 1 together are j + pair. Each is the entry of its lowest bits before those
 * of the rest.
 */
function fillPairTable(table: usize, pair: i32): void {
  store<u64>(table, 0);
  store<u8>(table, 0, 4096);
  for (let byte = 1; byte < 256; byte++) {
    const j = ctz(byte);
    const rest = byte & ~(3 << j);
    const entry = j + ((byte >> (j + 1)) & 1) * pair;
    store<u64>(table + (byte << 4), (load<u64>(table + (rest << 4)) << 16) | <u64>entry);
    store<u8>(table + byte, load<u8>(table + rest, 4096) + 1, 4096);
  }
}
