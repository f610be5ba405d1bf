import { expect, it } from 'vitest';
import { fail } from '../kernel/errors.ts';
import { paced } from './paced.ts';

const signal = new AbortController().signal;
const limit = () =>
  fail('modelFailed', { params: { model: 'm', details: 'slow down' }, retryAfter: 30, upstreamStatus: 429 });

it('hands every result on once, one at a time, and never asks more at once than it may', async () => {
  let running = 0;
  let most = 0;
  let writing = 0;
  const done: number[] = [];
  await paced(
    Array.from({ length: 40 }, (_, i) => i),
    async (n) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, n % 3));
      running--;
      return n * 2;
    },
    {
      concurrency: 4,
      signal,
      async onDone(item, result) {
        expect(++writing).toBe(1);
        expect(result).toBe(item * 2);
        await Promise.resolve();
        done.push(item);
        writing--;
      },
    },
  );
  expect(most).toBe(4);
  expect(done.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
});

it('keeps what was done when the provider has enough, asks for nothing more, and throws the limit', async () => {
  const asked: number[] = [];
  const done: number[] = [];
  const run = paced(
    [0, 1, 2, 3, 4, 5, 6, 7, 8],
    async (n) => {
      asked.push(n);
      if (n === 3) throw fail('modelTimeout', { params: { model: 'm', seconds: 1 } });
      if (n === 4) throw limit();
      return n;
    },
    { concurrency: 8, signal, onDone: async (n) => void done.push(n) },
  );
  await expect(run).rejects.toMatchObject({ errorName: 'modelFailed', details: { retryAfter: 30 } });
  expect(asked).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(done.sort()).toEqual([0, 1, 2, 5, 6]);
});

it('asks nobody when the job was cancelled', async () => {
  const abort = new AbortController();
  const asked: number[] = [];
  const run = paced(
    [1, 2, 3],
    async (n) => {
      asked.push(n);
      abort.abort(new Error('cancelled'));
    },
    { concurrency: 1, signal: abort.signal, onDone: async () => undefined },
  );
  await expect(run).rejects.toThrow('cancelled');
  expect(asked).toEqual([1]);
});
