import { describe, expect, it } from 'vitest';
import { readRemembered, withQuestion } from './remembered.ts';
import { defaultSettings } from './settings.ts';

describe('what the search test remembers', () => {
  it('has every question once, the latest first, and not more than twenty', () => {
    expect(withQuestion(['b', 'a'], 'a')).toEqual(['a', 'b']);
    const many = Array.from({ length: 30 }, (_, i) => `q${i}`);
    expect(withQuestion(many, 'new')).toHaveLength(20);
  });

  it('is read whatever is there', () => {
    expect(readRemembered('not JSON').left).toEqual(defaultSettings);
    expect(readRemembered(undefined).questions).toEqual([]);
    const odd = { left: { mode: 'nonsense', limit: 'many', tags: [1, 'a'], weight: 0.2 }, questions: 'x' };
    const read = readRemembered(JSON.stringify(odd));
    expect(read.left).toEqual({ ...defaultSettings, tags: ['a'], weight: 0.2 });
    expect(read.questions).toEqual([]);
  });
});
