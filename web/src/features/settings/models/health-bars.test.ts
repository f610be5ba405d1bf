import { describe, expect, test } from 'vitest';
import { failuresOf, hourBars } from './health-bars.ts';

const now = Date.parse('2026-11-26T10:30:00Z');
const hour = (time: string, calls: number, failures: Record<string, number> = {}) => ({
  time,
  calls,
  failures,
});

describe('the bars of the health of a model', () => {
  test('stand for the last hours, the oldest first, and those without calls are there too', () => {
    const bars = hourBars(
      [hour('2026-11-26T10:00:00Z', 5, { limit: 1, auth: 2 }), hour('2026-11-26T07:00:00Z', 2)],
      4,
      now,
    );
    expect(bars.map(({ calls, failures }) => [calls, failures])).toEqual([
      [2, 0],
      [0, 0],
      [0, 0],
      [5, 3],
    ]);
    expect(new Date(bars[3]?.time ?? 0).toISOString()).toBe('2026-11-26T10:00:00.000Z');
  });
  test('take several hours together where there are many, and leave out what is older', () => {
    const bars = hourBars(
      [hour('2026-11-26T10:00:00Z', 1), hour('2026-11-26T08:00:00Z', 1), hour('2026-11-20T08:00:00Z', 9)],
      72,
      now,
    );
    expect(bars).toHaveLength(24);
    expect(bars.at(-1)?.calls).toBe(2);
    expect(bars.reduce((sum, { calls }) => sum + calls, 0)).toBe(2);
  });
  test('count failures of every kind', () => {
    expect(failuresOf({ calls: 9, failures: { limit: 1, auth: 2 } })).toBe(3);
  });
});
