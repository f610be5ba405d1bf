import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expireFiles } from '../jobs/expire-files.ts';
import { Later } from '../jobs/job.ts';
import { unusedAvatarMs } from '../store/avatars.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
}, 60_000);
afterAll(() => server.close());

const gif = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
const dataUrl = (type: string, bytes: string | Buffer) =>
  `data:${type};base64,${(typeof bytes === 'string' ? Buffer.from(bytes) : bytes).toString('base64')}`;
const upload = (base64Img: string) =>
  server.call('POST', '/api/common/file/uploadImage', {
    sessionToken: server.root.sessionToken,
    body: { base64Img },
  });

describe('uploadImage', () => {
  it('keeps a picture, which anybody sees and which cannot act', async () => {
    const { json } = await upload(`data:image/gif;base64,${gif}`);
    expect(json.data).toMatch(/^\/api\/system\/img\/[0-9a-f]{24}\.gif$/);
    for (const path of [json.data, json.data.replace('.gif', ''), json.data.replace('.gif', '.svg')]) {
      const answer = await fetch(server.url + path);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/gif']);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('content-security-policy')).toContain('sandbox');
      expect(Buffer.from(await answer.arrayBuffer()).toString('base64')).toBe(gif);
    }
  });
  it.each([
    [
      'an SVG',
      dataUrl('image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    ],
    ['an SVG that says it is a PNG', dataUrl('image/png', '<svg onload="alert(1)"/>')],
    ['a page', dataUrl('image/png', '<html><script>alert(1)</script>')],
    ['nothing', 'data:image/png;base64,'],
    ['an address', 'https://evil.example/x.png'],
    ['no base64', 'data:image/png;base64,$$$'],
  ])('refuses %s', async (_name, given) => {
    const { status, json } = await upload(given);
    expect([status, json.message]).toEqual([400, expect.stringContaining('base64Img')]);
  });
  it('refuses what is too large, naming the limit', async () => {
    const large = Buffer.concat([Buffer.from(gif, 'base64'), Buffer.alloc(2 << 20)]);
    const { status, json } = await upload(dataUrl('image/gif', large));
    expect([status, json.message]).toEqual([413, expect.stringContaining('2 MB')]);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: tests look at answers as a client without types does
const jsonOf = async (answer: Response): Promise<any> => answer.json();

describe('presignAvatarPostUrl', () => {
  const presign = async () => {
    const answer = await server.call('POST', '/api/common/file/presignAvatarPostUrl', {
      sessionToken: server.root.sessionToken,
      body: { filename: 'me.gif' },
    });
    return answer.json.data;
  };
  const put = async (url: string, body: Uint8Array<ArrayBuffer>) => {
    const answer = await fetch(url, { method: 'PUT', body });
    return { status: answer.status, json: await jsonOf(answer) };
  };
  it('takes a picture at its address once, and nothing else', async () => {
    const { url, avatar, maxSize } = await presign();
    expect(maxSize).toBe(2 << 20);
    expect((await fetch(server.url + avatar)).status).toBe(404);
    const svg = await put(url, new TextEncoder().encode('<svg onload="alert(1)"/>'));
    expect([svg.status, svg.json.statusText]).toEqual([400, 'InvalidUploadFileType']);
    expect((await put(url, new Uint8Array(3 << 20))).status).toBe(413);
    const state = await jsonOf(await fetch(url));
    expect(state.data).toMatchObject({ offset: 0, complete: false });
    const bytes = new Uint8Array(Buffer.from(gif, 'base64'));
    expect((await put(url, bytes)).json.data).toMatchObject({ complete: true, size: bytes.length });
    expect((await jsonOf(await fetch(url))).data.complete).toBe(true);
    const other = new Uint8Array([...bytes, 0]);
    expect((await put(url, other)).status).toBe(200);
    // A picture never changes under its path.
    expect((await (await fetch(server.url + avatar)).arrayBuffer()).byteLength).toBe(bytes.length);
  });
});

describe('system/img', () => {
  it.each(['0'.repeat(24), 'x', '..%2f..%2fsecret.key', `${'f'.repeat(24)}%00.png`])(
    'has no %s',
    async (id) => {
      const answer = await fetch(`${server.url}/api/system/img/${id}`);
      expect(answer.status).toBe(404);
    },
  );
});

const root = () => server.root;
type Person = Pick<typeof server.root, 'sessionToken'>;
const call = (method: string, path: string, body: unknown, person: Person = root()) =>
  server.call(method, path, { sessionToken: person.sessionToken, body });
const picture = async (person: Person = root()): Promise<string> => {
  const body = { base64Img: `data:image/gif;base64,${gif}` };
  const { json } = await call('POST', '/api/common/file/uploadImage', body, person);
  return json.data;
};
const statusOf = async (path: string) => (await fetch(server.url + path)).status;
const setOwn = (avatar: string, person: Person) =>
  call('PUT', '/api/support/user/account/update', { avatar }, person);
const newApp = (more: object) =>
  call('POST', '/api/core/app/create', { name: 'a', type: 'simple', simple: { prompt: 'p' }, ...more });
/** As if the pictures had been uploaded two days ago, and the job had come round. */
async function twoDaysLater() {
  const { teamId } = server.root.caller;
  await server.app.store.db
    .updateTable('avatars')
    .set({ createTime: Date.now() - 2 * unusedAvatarMs })
    .where('teamId', '=', teamId)
    .execute();
  const job = { id: 'j', teamId, kind: 'k', payload: {}, datasetId: null, collectionId: null };
  const { signal } = new AbortController();
  await expireFiles(server.app)(
    { ...job, attempts: 1, maxAttempts: 3, counts: {} },
    { signal, progress: () => {}, mustHold: async () => {} },
  ).catch((thrown: unknown) => {
    if (!(thrown instanceof Later)) throw thrown;
  });
}

describe('a picture', () => {
  it('goes a day after the last that shows it, and not before', async () => {
    const [unused, replaced, own, ofApp, ofDataset] = await Promise.all(
      Array.from({ length: 5 }, () => picture()),
    );
    await setOwn(replaced ?? '', root());
    await setOwn(own ?? '', root());
    const appId = (await newApp({ avatar: ofApp })).json.data;
    const copyId = (await call('POST', '/api/core/app/copy', { appId })).json.data.appId;
    const dataset = await call('POST', '/api/core/dataset/create', { name: 'd', avatar: ofDataset });
    expect(dataset.status, dataset.text).toBe(200);
    const statuses = () =>
      Promise.all([unused, replaced, own, ofApp, ofDataset].map((path) => statusOf(path ?? '')));
    expect(await statuses()).toEqual([200, 200, 200, 200, 200]);
    await twoDaysLater();
    expect(await statuses()).toEqual([404, 404, 200, 200, 200]);
    await call('PUT', `/api/core/app/update?appId=${appId}`, { avatar: '' });
    await twoDaysLater();
    expect(await statusOf(ofApp ?? '')).toBe(200);
    await server.call('DELETE', `/api/core/app/del?appId=${copyId}`, { sessionToken: root().sessionToken });
    await twoDaysLater();
    // The app can still be restored, with its picture.
    expect(await statusOf(ofApp ?? '')).toBe(200);
    await call('POST', '/api/core/app/deleted/clear', { ids: [copyId] });
    // A job clears it away.
    const later = () => twoDaysLater().then(() => statusOf(ofApp ?? ''));
    await expect.poll(later, { timeout: 10_000 }).toBe(404);
  });
  it('of something else cannot be taken, nor taken away with', async () => {
    const viewer = await server.createMember('taker', 'viewer');
    const ofApp = await picture();
    const appId = (await newApp({ avatar: ofApp })).json.data;
    expect((await setOwn(ofApp, viewer)).status).toBe(400);
    await setOwn('', viewer);
    await twoDaysLater();
    expect(await statusOf(ofApp)).toBe(200);
    // What it has it may be given again, by anybody who may change it.
    const editor = await server.createMember('changer', 'editor');
    const path = `/api/core/app/update?appId=${appId}`;
    expect((await call('PUT', path, { avatar: ofApp, intro: 'i' }, editor)).status).toBe(200);
    expect((await call('PUT', path, { avatar: await picture() }, editor)).status).toBe(400);
    expect((await call('PUT', path, { avatar: await picture(editor) }, editor)).status).toBe(200);
  });
  it('is one of fifty that nothing shows, of each member, until they are gone', async () => {
    const person = await server.createMember('collector', 'viewer');
    const presign = () => call('POST', '/api/common/file/presignAvatarPostUrl', { filename: 'x' }, person);
    const { url } = (await presign()).json.data;
    await setOwn(await picture(person), person);
    for (let i = 0; i < 50; i++) expect(await picture(person)).toContain('/api/system/img/');
    const body = { base64Img: `data:image/gif;base64,${gif}` };
    const refused = await call('POST', '/api/common/file/uploadImage', body, person);
    expect([refused.status, refused.json.message]).toEqual([409, expect.stringContaining('50')]);
    expect((await presign()).status).toBe(409);
    const bytes = new Uint8Array(Buffer.from(gif, 'base64'));
    expect((await fetch(url, { method: 'PUT', body: bytes })).status).toBe(409);
    expect(await picture()).toContain('/api/system/img/');
    await twoDaysLater();
    expect(await picture(person)).toContain('/api/system/img/');
  });
});

describe('the avatar of an app or dataset', () => {
  const both = (avatar: string) => [
    () => newApp({ avatar }),
    () => call('POST', '/api/core/dataset/create', { name: 'd', avatar }),
  ];
  it.each([
    'core/app/type/simpleFill',
    '/imgs/app/avatar/simple.svg',
    'icons/a:b.svg',
    '',
    `data:image/gif;base64,${gif}`,
  ])('is kept as it is: %s', async (avatar) => {
    const [app, dataset] = await Promise.all(both(avatar).map((make) => make()));
    const shown = [
      await server.call('GET', `/api/core/app/detail?appId=${app?.json.data}`, root()),
      await server.call('GET', `/api/core/dataset/detail?id=${dataset?.json.data}`, root()),
    ];
    expect(shown.map(({ json }) => json.data.avatar)).toEqual([avatar, avatar]);
  });
  it.each([
    'http://evil.example/x.png',
    'HTTPS:evil.example/x.png',
    '//evil.example/x.png',
    '/\\evil.example/x.png',
    '/\t/evil.example/x.png',
    'ht\ntp://evil.example/x.png',
    'javascript:alert(1)',
    'data:text/html,x',
    '/api/support/user/account/loginout',
    `/api/system/img/${'f'.repeat(24)}`,
  ])('is refused when it leads elsewhere or does something: %j', async (avatar) => {
    for (const make of both(avatar)) {
      const { status, json } = await make();
      expect([status, json.message]).toEqual([400, expect.stringContaining('avatar')]);
    }
  });
});
