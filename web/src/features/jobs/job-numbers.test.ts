import { describe, expect, it } from 'vitest';
import { countsOf, secondsLeft } from './job-numbers.ts';

const start = '2026-11-26T03:00:00.000Z';
const later = (seconds: number) => Date.parse(start) + seconds * 1000;
const running = { state: 'running' as const, startTime: start, speed: null, counts: {} };

describe('what is said of the numbers of a job', () => {
  it('pairs what is done with how much there is', () => {
    expect(countsOf({ ...running, stage: 'write', counts: { total: 1480, written: 790 } })).toEqual([
      { key: 'written', done: 790, of: 1480 },
    ]);
    expect(
      countsOf({ ...running, stage: 'embed', counts: { embedded: 30, pending: 70, refused: 0 } }),
    ).toEqual([{ key: 'embedded', done: 30, of: 100 }]);
    expect(countsOf({ ...running, stage: '', counts: {} })).toEqual([]);
  });

  it('takes a job that is done for whole', () => {
    expect(countsOf({ state: 'done', stage: 'write', counts: { total: 14, written: 0 } })).toEqual([
      { key: 'written', done: 14 },
    ]);
  });

  it('names what was left out only where there is something', () => {
    expect(countsOf({ ...running, stage: 'write', counts: { linesLeftOut: 3, rowsLeftOut: 0 } })).toEqual([
      { key: 'linesLeftOut', done: 3 },
    ]);
  });

  it('tells the time left by the speed, else by the time so far, else not at all', () => {
    const speed = { perSecond: 10, unit: 'items' as const };
    expect(
      secondsLeft({ ...running, percent: 50, speed, counts: { total: 300, written: 100 } }, later(1)),
    ).toBe(20);
    expect(secondsLeft({ ...running, percent: 25 }, later(30))).toBe(90);
    expect(secondsLeft({ ...running, percent: 2 }, later(30))).toBeUndefined();
    expect(secondsLeft({ ...running, percent: 50 }, later(1))).toBeUndefined();
    expect(secondsLeft({ ...running, state: 'waiting', percent: 50 }, later(60))).toBeUndefined();
  });
});
