import { describe, expect, it } from 'vitest';
import { chanceOf, changeOf, sideName, sideOf, verdictOf } from './comparison.ts';

const counts = (betterA: number, betterB: number) => ({ betterA, betterB, same: 5, neither: 1, failed: 0 });

describe('two settings compared', () => {
  it('say of each question what became of the place', () => {
    expect(changeOf(5, 2)).toEqual({ kind: 'gained', places: 3 });
    expect(changeOf(1, 4)).toEqual({ kind: 'lost', places: 3 });
    expect(changeOf(2, 2)).toEqual({ kind: 'same', places: 0 });
    expect([changeOf(null, 3), changeOf(3, null), changeOf(null, null)].map(({ kind }) => kind)).toEqual([
      'new',
      'gone',
      'neither',
    ]);
  });

  it('differ by more than chance only where questions enough say so', () => {
    expect(chanceOf(counts(0, 0))).toBe(1);
    expect(chanceOf(counts(0, 5))).toBeCloseTo(2 / 32);
    expect(chanceOf(counts(3, 9))).toBeCloseTo(0.146, 3);
    expect(chanceOf(counts(4, 4))).toBe(1);
    expect(chanceOf(counts(2000, 2200))).toBeCloseTo(0.0021, 3);
    expect([counts(0, 0), counts(1, 3), counts(0, 6), counts(6, 0)].map(verdictOf)).toEqual([
      'equal',
      'chance',
      'sure',
      'sure',
    ]);
  });

  it('are named in addresses; anything else is no side', () => {
    const id = 'a'.repeat(24);
    expect(sideOf(sideName(id, 3))).toEqual({ id, place: 3 });
    expect([sideOf(undefined), sideOf('x.1'), sideOf(`${id}.9`)]).toEqual([undefined, undefined, undefined]);
  });
});
