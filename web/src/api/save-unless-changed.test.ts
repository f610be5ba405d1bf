import { LecternError } from '@lectern/contract/client.ts';
import { expect, test } from 'vitest';
import { ChangedMeanwhile, saveUnlessChanged } from './save-unless-changed.ts';

interface Note {
  updateTime: string;
  text: string;
}

/** A server with one note that refuses as ours does. */
function serverWith(stored: Note) {
  return {
    stored,
    read: async () => ({ ...stored }),
    isSame: (a: Note, b: Note) => a.text === b.text,
    async write(ifUpdateTime: string) {
      if (ifUpdateTime !== stored.updateTime)
        throw new LecternError(409, { code: 409, statusText: 'changedMeanwhile', message: 'changed' });
      stored.text = 'mine';
    },
  };
}

test('what is as it was read is stored', async () => {
  const server = serverWith({ updateTime: '1', text: 'old' });
  await saveUnlessChanged({ ...server, base: { updateTime: '1', text: 'old' } });
  expect(server.stored.text).toBe('mine');
});

test('what somebody else has stored stays, and is handed out to choose from', async () => {
  const server = serverWith({ updateTime: '2', text: 'theirs' });
  const saving = saveUnlessChanged({ ...server, base: { updateTime: '1', text: 'old' } });
  const error = await saving.catch((refused: unknown) => refused);
  expect(error).toBeInstanceOf(ChangedMeanwhile);
  expect(error).toMatchObject({ theirs: { updateTime: '2', text: 'theirs' } });
  expect(server.stored.text).toBe('theirs');
  await saveUnlessChanged({ ...server, base: { updateTime: '2', text: 'theirs' } });
  expect(server.stored.text).toBe('mine');
});

test('a change of something else is no reason to ask', async () => {
  const server = serverWith({ updateTime: '2', text: 'old' });
  await saveUnlessChanged({ ...server, base: { updateTime: '1', text: 'old' } });
  expect(server.stored.text).toBe('mine');
});

test('any other refusal is told as it is', async () => {
  const server = serverWith({ updateTime: '1', text: 'old' });
  const write = () => Promise.reject(new LecternError(409, { statusText: 'error', message: 'full' }));
  const saving = saveUnlessChanged({ ...server, write, base: { updateTime: '1', text: 'old' } });
  await expect(saving).rejects.toThrow('full');
});
