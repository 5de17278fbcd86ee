// The same 220 bytes, packed by the commands `lz4` 1.9.4 and `zstd` 1.5.4, with check sums and without, in base64. Not
// a test itself.

/** 40 numbers, and a word 30 times. */
export const CONTENT = Uint8Array.from([
  ...Array.from({ length: 40 }, (_, i) => (i * i) % 251),
  ...new TextEncoder().encode('spike '.repeat(30)),
]);

/** With a check sum of the content. */
export const LZ4_WITH_SUM =
  'BCJNGGRApzkAAAD/HwABBAkQGSQxQFFkeZCpxOEFJklulb7pG0p7ruMfWJPQFFWY3SlyvQ9zcGlrZSAGAJZQcGlrZSAAAAAAQ1wR1A==';
/** With check sums of the content and of its one block, and the size of the content. */
export const LZ4_WITH_ALL =
  'BCJNGHxA3AAAAAAAAAAMOQAAAP8fAAEECRAZJDFAUWR5kKnE4QUmSW6VvukbSnuu4x9Yk9AUVZjdKXK9D3NwaWtlIAYAllBwaWtlIOUqZq8AAAAAQ1wR1A==';
export const LZ4_WITHOUT_SUM =
  'BCJNGGBAgjkAAAD/HwABBAkQGSQxQFFkeZCpxOEFJklulb7pG0p7ruMfWJPQFFWY3SlyvQ9zcGlrZSAGAJZQcGlrZSAAAAAA';
export const ZSTD_WITH_SUM =
  'KLUv/STctQEA5AIAAQQJEBkkMUBRZHmQqcThBSZJbpW+6RtKe67jH1iT0BRVmN0pcr0Pc3Bpa2UgAQBehSplEqlRjg==';
export const ZSTD_WITHOUT_SUM =
  'KLUv/SDctQEA5AIAAQQJEBkkMUBRZHmQqcThBSZJbpW+6RtKe67jH1iT0BRVmN0pcr0Pc3Bpa2UgAQBehSpl';
