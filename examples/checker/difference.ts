// The difference of two texts, line by line: `-` what was expected, `+` what came, both in their order.

/**
 * Lines of the longest common subsequence stand after two spaces, the others after their sign. Empty when both are
 * equal. With L(i, j) the length of the longest common subsequence of expected[i..] and printed[j..]:
 *
 *   L(i, j) = 1 + L(i+1, j+1) where the lines are equal, else max(L(i+1, j), L(i, j+1)).
 */
export function difference(expected: readonly string[], printed: readonly string[]): string[] {
  const [n, m] = [expected.length, printed.length];
  const common = Array.from({ length: n + 1 }, () => new Array<number>(m + 1).fill(0));
  const length = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = n - 1; i >= 0; i--) {
    for (let j = m - 1; j >= 0; j--)
      common[i]![j] =
        expected[i] === printed[j] ? 1 + length(i + 1, j + 1) : Math.max(length(i + 1, j), length(i, j + 1));
  }
  if (n === m && length(0, 0) === n) return [];
  const lines: string[] = [];
  for (let i = 0, j = 0; i < n || j < m; ) {
    if (i < n && j < m && expected[i] === printed[j]) {
      lines.push(`  ${expected[i++]}`);
      j++;
    } else if (j === m || (i < n && length(i + 1, j) >= length(i, j + 1))) lines.push(`- ${expected[i++]}`);
    else lines.push(`+ ${printed[j++]}`);
  }
  return lines;
}
