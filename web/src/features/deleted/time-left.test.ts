import { expect, it } from 'vitest';
import { timeLeft } from './time-left.ts';

const now = Date.parse('2026-11-26T12:00:00.000Z');
const left = (hours: number) => timeLeft(new Date(now + hours * 3_600_000).toISOString(), now);

it('says days, on the last one hours, and at the end that little is left', () => {
  expect(left(7 * 24 - 0.01)).toEqual({ unit: 'days', count: 7 });
  expect(left(24)).toEqual({ unit: 'days', count: 1 });
  expect(left(23.5)).toEqual({ unit: 'days', count: 1 });
  expect(left(22.9)).toEqual({ unit: 'hours', count: 22 });
  expect(left(1)).toEqual({ unit: 'hours', count: 1 });
  expect(left(0.5)).toEqual({ unit: 'last', count: 0 });
  expect(left(-5)).toEqual({ unit: 'last', count: 0 });
});
