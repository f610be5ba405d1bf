import { describe, expect, it } from 'vitest';
import type { Collection } from '../queries.ts';
import { someChosen } from './use-chosen.ts';

const entry = (id: string, type: Collection['type'] = 'virtual', dataAmount = 2) =>
  ({ _id: id, name: `Note ${id}`, type, dataAmount }) as Collection;
const seen = (...list: Collection[]) => new Map(list.map((one) => [one._id, one]));

describe('what is chosen', () => {
  it('has a name where it is one', () => {
    expect(someChosen(['a'], seen(entry('a'), entry('b')), false)).toEqual({
      ids: ['a'],
      name: 'Note a',
      folders: false,
      passages: 2,
    });
  });

  it('has none where more are chosen than were seen', () => {
    const some = someChosen(['a', 'b', 'c'], seen(entry('a')), true);
    expect(some).toEqual({ ids: ['a', 'b', 'c'], folders: true });
    expect(someChosen(['a', 'b'], seen(entry('a')), false).folders).toBe(false);
  });

  it('counts the passages where all were seen', () => {
    const some = someChosen(['a', 'b'], seen(entry('a'), entry('b', 'folder', 9)), false);
    expect(some).toEqual({ ids: ['a', 'b'], folders: true, passages: 2 });
  });
});
