const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** How long something can still be restored, as it is said: whole days, on the last one whole hours. */
export function timeLeft(
  endTime: string,
  now = Date.now(),
): { unit: 'days' | 'hours' | 'last'; count: number } {
  const left = Date.parse(endTime) - now;
  // Just deleted is seven days, not six.
  if (left >= dayMs - hourMs) return { unit: 'days', count: Math.max(1, Math.round(left / dayMs)) };
  if (left >= hourMs) return { unit: 'hours', count: Math.floor(left / hourMs) };
  return { unit: 'last', count: 0 };
}
