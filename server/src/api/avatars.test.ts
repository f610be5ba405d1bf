import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
  it('forgets an avatar that another one took the place of', async () => {
    const avatars: string[] = [];
    for (let i = 0; i < 2; i++) {
      const { json } = await upload(`data:image/gif;base64,${gif}`);
      avatars.push(json.data);
      await server.call('PUT', '/api/support/user/account/update', {
        sessionToken: server.root.sessionToken,
        body: { avatar: json.data },
      });
    }
    const statuses = await Promise.all(avatars.map(async (path) => (await fetch(server.url + path)).status));
    expect(statuses).toEqual([404, 200]);
  });
});
