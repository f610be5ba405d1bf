import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { imported, type Side, send, side, until } from './test-archive-world.ts';

let to: Side;
beforeAll(async () => {
  // Nobody listens there: nothing of these archives gets as far as a model.
  to = await side('http://127.0.0.1:9', 'embed-1');
});
afterAll(() => to.server.close());

/** A zip of these entries; what is given as null is left out. */
async function zipOf(parts: Record<string, string | Buffer | null>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(parts)) {
    if (content !== null) zip.addBuffer(Buffer.from(content), name);
  }
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const a = (n: number) => n.toString(16).padStart(24, '0');
const line = (value: object) => `${JSON.stringify(value)}\n`;
const collection = (n: number, more: object = {}) =>
  line({
    ...{ id: a(n), parentId: null, type: 'virtual', name: `c${n}`, trainingType: 'chunk', params: {} },
    ...{ forbid: false, metadata: {}, tags: [], createTime: 1, updateTime: 1, ...more },
  });
const item = (n: number, of: number, more: object = {}) =>
  line({
    id: a(n),
    collectionId: a(of),
    q: `text ${n}`,
    a: '',
    headings: [],
    chunkIndex: n,
    indexes: [],
    ...more,
  });
const manifest = (more: object = {}) =>
  JSON.stringify({
    format: 'lectern-dataset',
    version: 1,
    createTime: '2026-11-26T00:00:00.000Z',
    dataset: { name: 'hostile', intro: '', avatar: '' },
    counts: { tags: 0, collections: 1, items: 1, vectors: 0, questions: 0, files: 0 },
    ...more,
  });
const whole = { 'manifest.json': manifest(), 'collections.jsonl': collection(1), 'data.jsonl': item(2, 1) };

describe('a hostile archive', () => {
  const names = async (where: Side) =>
    (await where.data('POST', '/list', {})).map(({ name }: { name: string }) => name);

  it('is refused at once when it is none, damaged, of another version, or made to fill the disk', async () => {
    const good = await zipOf(whole);
    const slip = await zipOf({ ...whole, 'x/yyyyyyyyyyy': 'out' });
    const bomb = { ...whole, 'data.jsonl': Buffer.alloc(60e6, 32) };
    const refused: Record<string, Buffer> = {
      'no zip': Buffer.from('# Title\n\nSome text.'),
      empty: Buffer.alloc(0),
      'cut off': good.subarray(0, good.length - 30),
      'no manifest': await zipOf({ ...whole, 'manifest.json': null }),
      'a broken manifest': await zipOf({ ...whole, 'manifest.json': '{"format"' }),
      'another format': await zipOf({ ...whole, 'manifest.json': manifest({ format: 'other' }) }),
      'a later version': await zipOf({ ...whole, 'manifest.json': manifest({ version: 2 }) }),
      'a huge manifest': await zipOf({ ...whole, 'manifest.json': `${' '.repeat(2e6)}${manifest()}` }),
      // The same length, so that the zip stays one.
      'a name that leads out': Buffer.from(
        slip.toString('latin1').replaceAll('x/yyyyyyyyyyy', '../../../evil'),
        'latin1',
      ),
      'an entry twice': Buffer.from(
        (await zipOf({ ...whole, 'data.jsonx': item(9, 1) }))
          .toString('latin1')
          .replaceAll('data.jsonx', 'data.jsonl'),
        'latin1',
      ),
      'a bomb': await zipOf(bomb),
    };
    for (const [what, bytes] of Object.entries(refused)) {
      const answer = await send(to, bytes);
      expect([what, answer.status, answer.json.message]).toEqual([
        what,
        400,
        expect.stringContaining('The archive cannot be restored'),
      ]);
    }
    expect(await names(to)).not.toContain('hostile');
    expect((await send(to, good, { parentId: 'f'.repeat(24) })).status).toBe(404);
  }, 30_000);

  it('fails as a job and leaves nothing when it breaks further in', async () => {
    const breaks: Record<string, Record<string, string | null>> = {
      'a collection in a folder that is not there': {
        'collections.jsonl': collection(1, { parentId: a(7) }),
      },
      'a collection in itself': { 'collections.jsonl': collection(1, { type: 'folder', parentId: a(1) }) },
      'a file that is not there': { 'collections.jsonl': collection(1, { fileId: a(7) }) },
      'data of a collection that is not there': { 'data.jsonl': item(2, 1) + item(3, 7) },
      'an id that is none': { 'data.jsonl': item(2, 1, { id: "' or 1=1" }) },
      'a line that is no JSON': { 'data.jsonl': `${item(2, 1)}{"id"` },
      'less than it says': { 'data.jsonl': null },
      'a file that is another': {
        'files.jsonl': line({ id: a(5), name: 'f', contentType: '', size: 3, hash: 'a'.repeat(64) }),
        [`files/${a(5)}`]: 'abc',
      },
      'the same id of a caller twice': {
        'data.jsonl': item(2, 1, { externalId: 'x' }) + item(3, 1, { externalId: 'x' }),
      },
    };
    const { db } = to.server.app.store;
    for (const [what, parts] of Object.entries(breaks)) {
      const { job, datasetId } = await imported(to, await zipOf({ ...whole, ...parts }));
      expect([what, job.state, job.cause, job.error]).toEqual([
        what,
        'failed',
        'file',
        expect.stringContaining('The archive cannot be restored'),
      ]);
      expect((await to.send('GET', `/detail?id=${datasetId}`)).status).toBe(404);
      await until(async () => {
        const left = await Promise.all(
          (['data', 'collections', 'tags'] as const).map((table) =>
            db.selectFrom(table).select('id').where('datasetId', '=', datasetId).execute(),
          ),
        );
        const row = await db.selectFrom('datasets').select('id').where('id', '=', datasetId).execute();
        return left.flat().length + row.length === 0 ? true : undefined;
      });
    }
    expect(await names(to)).not.toContain('hostile');
  }, 60_000);

  it('brings in no more than a dataset: unknown fields and entries are left out, names stay names', async () => {
    const bytes = await zipOf({
      ...whole,
      'collections.jsonl': collection(1, {
        teamId: a(9),
        deletedTime: 5,
        name: '../../etc/passwd',
        memberId: a(9),
      }),
      'data.jsonl': item(2, 1, { teamId: a(9), datasetId: a(9), tokens: -5 }),
      'settings.json': '{"root": true}',
    });
    const { job, datasetId } = await imported(to, bytes);
    expect([job.state, job.error]).toEqual(['done', '']);
    const { db } = to.server.app.store;
    const rows = await db.selectFrom('data').selectAll().where('datasetId', '=', datasetId).execute();
    const { teamId } = to.server.root.caller;
    expect(rows.map((row) => [row.teamId, row.q, row.tokens > 0])).toEqual([[teamId, 'text 2', true]]);
    const [made] = (await to.data('POST', '/collection/listV2', { datasetId })).list;
    expect(made.name).toBe('../../etc/passwd');
    expect([made._id, rows[0]?.id]).not.toContain(a(1));
  });
});

describe('an archive that says where its dataset comes from', () => {
  it.each([
    ['a place that this server may not reach', 'http://169.254.169.254/latest'],
    ['no web address', 'file:///etc/passwd'],
    ['an address with a password', 'http://root:secret@site.example/'],
  ])('becomes a plain dataset, when that is %s', async (_name, url) => {
    const sources = [
      { type: 'websiteDataset', websiteConfig: { url, selector: '' } },
      { type: 'apiDataset', apiServer: { baseUrl: url, basePath: '' } },
    ];
    for (const source of sources) {
      const dataset = { name: 'from elsewhere', intro: '', avatar: '', ...source };
      const bytes = await zipOf({ ...whole, 'manifest.json': manifest({ dataset }) });
      const { job, datasetId } = await imported(to, bytes);
      expect([job.state, job.error]).toEqual(['done', '']);
      const { db } = to.server.app.store;
      const row = await db
        .selectFrom('datasets')
        .select(['type', 'websiteConfig', 'apiServer', 'apiAuthorization'])
        .where('id', '=', datasetId)
        .executeTakeFirst();
      expect(row).toEqual({ type: 'dataset', websiteConfig: null, apiServer: null, apiAuthorization: null });
    }
  });
});

describe('an import that is cancelled', () => {
  it('before it has begun leaves no hidden dataset, and says so when it is tried again', async () => {
    const { db } = to.server.app.store;
    const { sessionToken } = to.server.root;
    const items = Array.from({ length: 5000 }, (_, n) => item(10 + n, 1)).join('');
    const counts = { tags: 0, collections: 1, items: 5000, vectors: 0, questions: 0, files: 0 };
    const bytes = await zipOf({ ...whole, 'manifest.json': manifest({ counts }), 'data.jsonl': items });
    const call = (method: string, path: string) =>
      to.server.call(method, `/api/core/jobs/${path}`, { sessionToken });
    // As many as this server works on at once, and more.
    const begun: { jobId: string; datasetId: string }[] = [];
    for (let n = 0; n < 8; n += 1) begun.push((await send(to, bytes)).json.data);
    begun.reverse();
    const [last] = begun;
    expect((await call('GET', last?.jobId ?? '')).json.data.state).toBe('waiting');
    for (const { jobId } of begun) expect((await call('DELETE', jobId)).status).toBe(200);
    const ids = begun.map(({ datasetId }) => datasetId);
    await until(async () => {
      const rows = await db.selectFrom('datasets').select('id').where('id', 'in', ids).execute();
      return rows.length === 0 ? true : undefined;
    });
    expect((await call('POST', `${last?.jobId}/retry`)).status).toBe(200);
    const again = await until(async () => {
      const { data } = (await call('GET', last?.jobId ?? '')).json;
      return data.state === 'failed' ? data : undefined;
    });
    expect(JSON.stringify(again)).toContain('send it again');
  }, 30_000);

  it('leaves nothing', async () => {
    const items = Array.from({ length: 5000 }, (_, n) => item(10 + n, 1)).join('');
    const counts = { tags: 0, collections: 1, items: 5000, vectors: 0, questions: 0, files: 0 };
    const bytes = await zipOf({ ...whole, 'manifest.json': manifest({ counts }), 'data.jsonl': items });
    const begun = await send(to, bytes);
    const { jobId, datasetId } = begun.json.data;
    const { db } = to.server.app.store;
    const left = () => db.selectFrom('data').select('id').where('datasetId', '=', datasetId).execute();
    await until(async () => ((await left()).length > 0 ? true : undefined));
    const { sessionToken } = to.server.root;
    const cancelled = await to.server.call('DELETE', `/api/core/jobs/${jobId}`, { sessionToken });
    expect(cancelled.status, cancelled.text).toBe(200);
    await until(async () => {
      const row = await db.selectFrom('datasets').select('id').where('id', '=', datasetId).execute();
      return row.length === 0 && (await left()).length === 0 ? true : undefined;
    });
    expect((await to.send('GET', `/detail?id=${datasetId}`)).status).toBe(404);
  }, 30_000);
});
