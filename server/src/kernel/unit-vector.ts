/**
 * The vector of the same direction and length 1; one of only zeros stays as it is. Nothing when a number is not finite,
 * which no search could rank.
 */
export function unitVector(vector: Float32Array): Float32Array | undefined {
  let sum = 0;
  for (const value of vector) sum += value * value;
  if (!Number.isFinite(sum)) return undefined;
  const length = Math.sqrt(sum);
  return length === 0 ? vector : vector.map((value) => value / length);
}
