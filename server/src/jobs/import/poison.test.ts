import { afterAll, beforeAll, expect, it } from 'vitest';
import { docxParts, makeZip, paragraph } from '../../retrieval/formats/fixtures-docx.ts';
import { startTestServer, type TestServer } from '../../testing/server.ts';

/* Files that harm whoever reads them, among files that do not: each is a matter of its own. */

let server: TestServer;
let key: string;
beforeAll(async () => {
  server = await startTestServer();
  key = await server.createKey();
});
afterAll(() => server.close());

const word = docxParts(paragraph('text'));
const poison: Record<string, () => Uint8Array<ArrayBuffer> | string> = {
  'cut.pdf': () => '%PDF-1.7\n1 0 obj\n<</Type/Catalog',
  'noise.docx': () => Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251),
  'noise.xlsx': () =>
    new Uint8Array([0x50, 0x4b, 3, 4, ...Array.from({ length: 3000 }, (_, i) => (i * 31) % 256)]),
  'bomb.docx': () => new Uint8Array(makeZip({ ...word, 'word/big.xml': Buffer.alloc(40_000_000, 'a') })),
  'bomb.xlsx': () => new Uint8Array(makeZip({ ...word, 'xl/big.xml': Buffer.alloc(40_000_000, 'a') })),
  'empty.md': () => '\n \n',
};
const good: Record<string, string> = Object.fromEntries(
  Array.from({ length: 6 }, (_, i) => [`good ${i}.md`, `# Good\n\nThe marker is zebra${i}.`]),
);

it('files that cannot be read fail by themselves while all others are imported', {
  timeout: 120_000,
}, async () => {
  const { json } = await server.call('POST', '/api/core/dataset/create', { key, body: { name: 'mixed' } });
  const datasetId = json.data;
  const upload = async (name: string, content: Uint8Array<ArrayBuffer> | string) => {
    const form = new FormData();
    form.set('data', JSON.stringify({ datasetId, trainingType: 'chunk' }));
    form.append('file', new Blob([content]), name);
    const path = '/api/core/dataset/collection/create/localFile';
    const answer = await server.call('POST', path, { key, body: form });
    expect(answer.status, answer.text).toBe(200);
  };
  // The poison first, so that the others are behind it.
  for (const [name, content] of Object.entries(poison)) await upload(name, content());
  for (const [name, content] of Object.entries(good)) await upload(name, content);
  // biome-ignore lint/suspicious/noExplicitAny: as a program without types sees it
  let jobs: any[] = [];
  for (let tries = 0; tries < 1000; tries++) {
    const path = `/api/core/jobs?datasetId=${datasetId}&kind=import&pageSize=50`;
    jobs = (await server.call('GET', path, { key })).json.data.list;
    if (jobs.every(({ state }) => state === 'done' || state === 'failed')) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const byName = new Map(jobs.map((job) => [job.name, job]));
  for (const name of Object.keys(poison)) {
    const { state, cause, hint, attempts } = byName.get(name);
    expect([name, state, cause, attempts]).toEqual([name, 'failed', 'file', 1]);
    expect(hint).not.toBe('');
  }
  for (const name of Object.keys(good)) expect([name, byName.get(name).state]).toEqual([name, 'done']);
  for (let i = 0; i < 6; i++) {
    const body = { datasetId, text: `zebra${i}`, searchMode: 'fullTextRecall' };
    const found = await server.call('POST', '/api/core/dataset/searchTest', { key, body });
    expect(found.json.data.list.map(({ q }: { q: string }) => q)).toEqual([
      expect.stringContaining(`zebra${i}.`),
    ]);
  }
});
