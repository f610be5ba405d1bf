import { describe, expect, it } from 'vitest';
import { peekFirst } from './peek-first.ts';

/** Items that come when the test says so. */
function held() {
  const gate = Promise.withResolvers<void>();
  async function* items() {
    await gate.promise;
    yield 'a';
    yield 'b';
  }
  return { gate, items: items() };
}

const all = async (items: AsyncIterable<string>) => {
  const found: string[] = [];
  for await (const item of items) found.push(item);
  return found;
};

describe('looking at the first item', () => {
  it('answers the same items when the first one comes in time', async () => {
    const { gate, items } = held();
    gate.resolve();
    expect(await all(await peekFirst(items, 'sign'))).toEqual(['a', 'b']);
  });

  it('throws what comes before the first item', async () => {
    const { gate, items } = held();
    gate.reject(new Error('at once'));
    await expect(peekFirst(items, 'sign')).rejects.toThrow('at once');
  });

  it('gives a sign when the first item keeps the caller waiting', async () => {
    const { gate, items } = held();
    const reading = all(await peekFirst(items, 'sign', 0));
    gate.resolve();
    expect(await reading).toEqual(['sign', 'a', 'b']);
  });

  it('throws a late failure to the reader, after the sign', async () => {
    const { gate, items } = held();
    const late = (await peekFirst(items, 'sign', 0))[Symbol.asyncIterator]();
    gate.reject(new Error('late'));
    // Nobody listens at this moment: a failure that nobody hears would end the process.
    await new Promise((resolve) => setImmediate(resolve));
    expect(await late.next()).toEqual({ value: 'sign', done: false });
    await expect(late.next()).rejects.toThrow('late');
  });

  it('lets go of the items when the reader leaves', async () => {
    let left = false;
    async function* items() {
      try {
        yield 'a';
        yield 'b';
      } finally {
        left = true;
      }
    }
    for await (const item of await peekFirst(items(), 'sign')) {
      expect(item).toBe('a');
      break;
    }
    expect(left).toBe(true);
  });
});
