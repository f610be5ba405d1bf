import { LecternError } from '@lectern/contract/client.ts';
import { describe, expect, it, vi } from 'vitest';
import { type ArrivedUpload, isUnsafe, type UploadPort, UploadStore } from './upload-store.ts';

const whole = 5 * 1024 * 1024;

/** A server in memory that counts what reaches it. */
class FakeServer implements UploadPort {
  readonly sent = new Map<string, number>();
  readonly created: string[] = [];
  atOnce = 0;
  mostAtOnce = 0;
  failNext = 0;
  readonly memory = new Map<string, string>();
  #begun = 0;
  remembered = (upload: { name: string }) => this.memory.get(upload.name);
  remember = (upload: { name: string }, _file: File, token: string) =>
    void this.memory.set(upload.name, token);
  forget = (upload: { name: string }) => void this.memory.delete(upload.name);
  begin = async (upload: { name: string }) => {
    if (upload.name.endsWith('.xyz'))
      throw new LecternError(400, { message: 'Files of type xyz cannot be read.' });
    const token = this.sent.has(upload.name) ? `${upload.name} ${++this.#begun}` : upload.name;
    this.sent.set(token, 0);
    return token;
  };
  offset = async (token: string) => this.#state(token);
  sendPiece = async (token: string, piece: Blob, range: string, signal: AbortSignal) => {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    await new Promise((resolve) => setTimeout(resolve, 1));
    this.atOnce--;
    signal.throwIfAborted();
    if (this.failNext-- > 0) throw new TypeError('network');
    expect(range.startsWith(`bytes ${this.sent.get(token)}-`)).toBe(true);
    this.sent.set(token, (this.sent.get(token) ?? 0) + piece.size);
    return this.#state(token);
  };
  bring = async (uploads: readonly ArrivedUpload[]) => {
    this.created.push(uploads.map(({ fileId }) => fileId).join(' '));
    const names = uploads.map(({ name }) => name).join(' ');
    if (names.includes('bad')) throw new LecternError(400, { message: 'bad is no picture.' });
    return `made of ${names}`;
  };
  pause = async () => undefined;
  #state(token: string) {
    const offset = this.sent.get(token) ?? 0;
    return { fileId: `file ${token}`, offset, complete: offset >= whole };
  }
}

const files = (...names: string[]) =>
  names.map((name) => ({ file: new File([new Uint8Array(whole)], name), folders: [] }));
const states = (store: UploadStore) => store.all().map(({ name, state }) => `${name} ${state}`);
const order = { parentId: null, params: {} };

describe('uploads', () => {
  it('send a few at a time, and import what was ordered, before or after it arrived', async () => {
    const server = new FakeServer();
    const store = new UploadStore(server);
    store.add('d', files('a', 'b', 'c', 'd', 'e'));
    const ids = store.all().map(({ id }) => id);
    store.order(ids.slice(0, 4), order);
    await vi.waitUntil(() => !store.all().some(({ state }) => state === 'waiting' || state === 'uploading'));
    await vi.waitUntil(() => server.created.length === 4);
    expect(server.mostAtOnce).toBe(3);
    expect(states(store)[4]).toBe('e uploaded');
    expect(store.all().filter(isUnsafe)).toHaveLength(1);
    store.order(ids.slice(4), order);
    await vi.waitUntil(() => server.created.length === 5);
    await vi.waitUntil(() => !store.all().some(isUnsafe));
  });

  it('are dropped with their owner, and nothing of them is remembered', async () => {
    const server = new FakeServer();
    const store = new UploadStore(server);
    store.add('d', files('a', 'b', 'c', 'd'));
    await vi.waitUntil(() => server.memory.size > 0, { interval: 1 });
    store.clear();
    expect(store.all()).toEqual([]);
    await vi.waitUntil(() => server.atOnce === 0);
    expect([...server.memory]).toEqual([]);
  });

  it('one that is refused says why, and stops none of the others', async () => {
    const store = new UploadStore(new FakeServer());
    store.add('d', files('bad.xyz', 'good.md'));
    await vi.waitUntil(() => states(store).includes('good.md uploaded'));
    expect(states(store)).toEqual(['bad.xyz refused', 'good.md uploaded']);
    expect(String(store.all()[0]?.error)).toContain('cannot be read');
  });

  it('go on where they stopped when the way breaks for a moment', async () => {
    const server = new FakeServer();
    server.failNext = 3;
    const store = new UploadStore(server);
    store.add('d', files('a'));
    await vi.waitUntil(() => states(store)[0] === 'a uploaded');
    expect(server.sent.get('a')).toBe(whole);
  });

  it('wait for the way to come back when it stays broken', async () => {
    const server = new FakeServer();
    server.failNext = 5;
    const store = new UploadStore(server);
    store.add('d', files('a'));
    await vi.waitUntil(() => states(store)[0] === 'a broken');
    server.failNext = 0;
    store.resumeBroken();
    await vi.waitUntil(() => states(store)[0] === 'a uploaded');
  });

  it('go on with what the page began before it was loaded again', async () => {
    const server = new FakeServer();
    server.memory.set('a', 'earlier');
    server.sent.set('earlier', 4 * 1024 * 1024);
    const store = new UploadStore(server);
    store.add('d', files('a'));
    await vi.waitUntil(() => states(store)[0] === 'a uploaded');
    expect(store.all()[0]?.fileId).toBe('file earlier');
  });

  it('take the same file twice for two, also after the first was imported', async () => {
    const server = new FakeServer();
    const store = new UploadStore(server);
    store.add('d', files('a', 'a'));
    await vi.waitUntil(() => states(store).every((state) => state === 'a uploaded'));
    const ids = store.all().map(({ id }) => id);
    store.order(ids, order);
    await vi.waitUntil(() => states(store).every((state) => state === 'a imported'));
    store.add('d', files('a'));
    await vi.waitUntil(() => states(store)[2] === 'a uploaded');
    expect(new Set(store.all().map(({ fileId }) => fileId)).size).toBe(3);
  });

  it('that are ordered together become one thing, when the last has arrived', async () => {
    const server = new FakeServer();
    const store = new UploadStore(server);
    store.add('d', files('a', 'b', 'c'), 'picture');
    const ids = store.all().map(({ id }) => id);
    store.pause(ids[1] ?? '');
    store.order(ids, order, { together: true });
    await vi.waitUntil(() => states(store)[0] === 'a uploaded' && states(store)[2] === 'c uploaded');
    expect(server.created).toEqual([]);
    store.resume(ids[1] ?? '');
    await vi.waitUntil(() => server.created.length > 0);
    expect(server.created).toEqual(['file a file b file c']);
    await vi.waitUntil(() => store.all().every(({ madeId }) => madeId === 'made of a b c'));
  });

  it('that were refused together go on without the one that is taken out', async () => {
    const store = new UploadStore(new FakeServer());
    store.add('d', files('a', 'bad'), 'picture');
    const [a, bad] = store.all().map(({ id }) => id);
    store.order([a ?? '', bad ?? ''], order, { together: true });
    await vi.waitUntil(() => states(store).every((state) => state.endsWith('refused')));
    store.remove(bad ?? '');
    store.resume(a ?? '');
    await vi.waitUntil(() => states(store)[0] === 'a imported');
  });

  it('say how fast they are once it can be said', async () => {
    const server = new FakeServer();
    const store = new UploadStore(server);
    expect(store.speed).toBeUndefined();
    let now = 0;
    vi.spyOn(Date, 'now').mockImplementation(() => (now += 500));
    store.add('d', files('a'));
    await vi.waitUntil(() => states(store)[0] === 'a uploaded');
    expect(store.speed).toBeGreaterThan(0);
    vi.restoreAllMocks();
  });

  it('can be paused, gone on with, and removed', async () => {
    const server = new FakeServer();
    const store = new UploadStore(server);
    store.add('d', files('a', 'b'));
    const [a, b] = store.all().map(({ id }) => id);
    store.pause(a ?? '');
    store.remove(b ?? '');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(states(store)).toEqual(['a paused']);
    store.resume(a ?? '');
    await vi.waitUntil(() => states(store)[0] === 'a uploaded');
  });
});
