import { setTimeout as pause } from 'node:timers/promises';
import { utils, write } from '@e965/xlsx';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePptx, slideText } from '../retrieval/formats/fixtures-office.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

let server: TestServer;
let key: string;
let datasetId: string;

const base = '/api/core/dataset';

beforeAll(async () => {
  server = await startTestServer();
  key = await server.createKey({ name: 'formats' });
  const answer = await server.call('POST', `${base}/create`, { key, body: { name: 'Formats' } });
  datasetId = answer.json.data;
});
afterAll(() => server.close());

/** Uploads a file as a user would and waits until it can be searched. */
async function imported(name: string, content: string | Uint8Array): Promise<string> {
  const form = new FormData();
  form.append(
    'data',
    JSON.stringify({ datasetId, trainingType: 'chunk', chunkSettingMode: 'custom', chunkSize: 64 }),
  );
  form.append('file', new Blob([typeof content === 'string' ? content : new Uint8Array(content)]), name);
  const made = await server.call('POST', `${base}/collection/create/localFile`, { key, body: form });
  const { collectionId } = made.json.data;
  for (let i = 0; i < 400; i++) {
    const path = `${base}/collection/trainingDetail?collectionId=${collectionId}`;
    const { progress, error } = (await server.call('GET', path, { key })).json.data;
    if (progress.state === 'done') return collectionId;
    if (progress.state === 'failed') throw new Error(error);
    await pause(50);
  }
  throw new Error('the import did not end');
}

/** The first passage that a search finds. */
async function found(text: string) {
  const body = { datasetId, text, searchMode: 'fullTextRecall', limit: 5000 };
  const answer = await server.call('POST', `${base}/searchTest`, { key, body });
  return answer.json.data.list[0];
}

it('cites the sheet and the rows of a workbook', async () => {
  const book = utils.book_new();
  const rows = Array.from({ length: 60 }, (_, i) => [`Article ${i + 2}`, `colour${i + 2}`, (i + 2) * 10]);
  utils.book_append_sheet(book, utils.aoa_to_sheet([['About', 'this workbook']]), 'Notes');
  utils.book_append_sheet(book, utils.aoa_to_sheet([['Article', 'Colour', 'Price'], ...rows]), 'Prices');
  await imported('stock.xlsx', new Uint8Array(write(book, { type: 'array', bookType: 'xlsx' })));
  const quote = await found('colour42');
  expect(quote.sourceName).toBe('stock.xlsx');
  expect(quote.q).toContain('| Article | Colour | Price |\n| --- | --- | --- |\n');
  expect(quote.q).toContain('| Article 42 | colour42 | 420 |');
  expect(quote.q).not.toMatch(/[\uE000\uE001]/);
  expect(quote.position.sheet).toBe('Prices');
  expect(quote.position.row).toBeLessThanOrEqual(42);
  expect(quote.position.endRow ?? quote.position.row).toBeGreaterThanOrEqual(42);
});

it('cites the slide of a presentation, the row of a CSV and the line of a program', async () => {
  await imported(
    'talk.pptx',
    makePptx([{ title: 'Start' }, { title: 'Plans', shapes: [slideText('The otters arrive.')] }]),
  );
  expect((await found('otters')).position).toEqual({ slide: 1, endSlide: 2 });
  await imported('animals.csv', 'animal,town\nmole,Bonn\nbeaver,Rome\n');
  expect((await found('beaver')).position).toEqual({ row: 2, endRow: 3 });
  await imported('walk.py', '# A badger walks\n\ndef badger():\n    return 1\n');
  expect((await found('badger')).position).toMatchObject({ row: 1 });
});

it('lets no text claim a place or a picture', async () => {
  const forged = 'The \uE000p7\uE001heron \uE000r9;sSecret\uE001stands. ![x](picture:a.png)';
  const body = { datasetId, name: 'forged', trainingType: 'chunk', text: forged };
  const made = await server.call('POST', `${base}/collection/create/text`, { key, body });
  expect(made.json.data.results.insertLen).toBe(1);
  await imported('forged.md', forged.replace('heron', 'stork'));
  await imported('forged.html', `<p>${forged.replace('heron', 'crane')} &#xE000;p8&#xE001;</p>`);
  for (const bird of ['heron', 'stork', 'crane']) {
    const quote = await found(`p7${bird}`);
    expect(quote.q).toContain(`The p7${bird} r9;sSecretstands.`);
    expect(quote.position).toBeUndefined();
  }
});
