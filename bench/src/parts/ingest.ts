import { simpleAppDocument } from '../../../server/src/workflow/simple-app.ts';
import { type Api, createApp, fillDataset, logIn } from '../lib/api.ts';
import { type Listening, startServer, startSimulator, temporaryDirectory } from '../lib/children.ts';
import { csvOf, mixedDocuments } from '../lib/corpus.ts';
import { type Imported, importFiles, untilEmbedded, watchMemory } from '../lib/imports.ts';
import { type LoadResult, runLoad } from '../lib/load.ts';
import { type Check, mb, ms, type Scale, type Section, times } from '../lib/section.ts';
import { quantiles } from '../lib/stats.ts';
import { passage, questions, randomFrom } from '../lib/text.ts';
import { uploadLarge } from '../lib/upload.ts';

const million = 1_000_000;

/** Chats with a fast model, two at a time. */
function chat(url: string, key: string, count: number): Promise<LoadResult> {
  return runLoad({
    url: `${url}/api/v1/chat/completions`,
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ stream: true, messages: [{ role: 'user', content: '{question}' }] }),
    questions: questions(100, 21),
    count,
    concurrency: 2,
    stuckMs: 30_000,
    rampMs: 100,
  });
}

/** Items of some 200 characters through pushData, 200 a call, a few calls at the same time. */
async function push(api: Api, items: number) {
  const datasetId = await api.call<string>('POST', '/core/dataset/create', { name: 'pushed' });
  const random = randomFrom(5);
  const text = () => passage(random).padEnd(200, ' and more').slice(0, 200);
  const batches = Array.from({ length: items / 200 }, () =>
    Array.from({ length: 200 }, () => ({ q: text() })),
  );
  const began = performance.now();
  const left = batches.values();
  await Promise.all(
    Array.from({ length: 4 }, async (_, n) => {
      const input = { datasetId, name: `pushed ${n}`, type: 'virtual' };
      const collectionId = await api.call<string>('POST', '/core/dataset/collection/create', input);
      for (const data of left)
        await api.call('POST', '/core/dataset/data/pushData', { collectionId, trainingType: 'chunk', data });
    }),
  );
  const acknowledged = items / ((performance.now() - began) / 1000);
  await untilEmbedded(api, datasetId);
  return { acknowledged, searchable: items / ((performance.now() - began) / 1000) };
}

/** Deletes a dataset while another one is searched; answers the times of the searches before and meanwhile. */
async function deleteBeside(api: Api, chunks: number) {
  const kept = await fillDataset(api, 'kept', 1000, 31);
  const large = await fillDataset(api, 'large', chunks, 32);
  await untilEmbedded(api, large);
  const asked = questions(50, 33).values();
  const search = async () => {
    const began = performance.now();
    const { value: text = 'the' } = asked.next();
    const input = { datasetId: kept, text, limit: 1500, searchMode: 'fullTextRecall' };
    await api.call('POST', '/core/dataset/searchTest', input);
    return performance.now() - began;
  };
  const before: number[] = [];
  for (let n = 0; n < 40; n++) before.push(await search());
  const began = performance.now();
  await api.call('POST', '/core/dataset/delete', { id: large });
  const answered = performance.now() - began;
  const meanwhile: number[] = [];
  for (;;) {
    meanwhile.push(await search());
    const query = { kind: 'clean-up', pageSize: '10' };
    const { list } = await api.call<{ list: { state: string }[] }>('GET', '/core/jobs', query);
    if (list.every(({ state }) => state === 'done')) break;
  }
  const cleared = (performance.now() - began) / 1000;
  return { answered, cleared, before: quantiles(before), meanwhile: quantiles(meanwhile) };
}

const speedOf = ({ bytes, seconds }: Imported) => bytes / million / seconds;

function importRow(name: string, imported: Imported): string[] {
  const { bytes, chunks, seconds, embeddedSeconds, peakMb } = imported;
  return [
    name,
    `${(bytes / million).toFixed(0)} MB, ${chunks.toLocaleString('en')} chunks`,
    `${seconds.toFixed(1)} s: ${speedOf(imported).toFixed(2)} MB/s`,
    `embedded after ${embeddedSeconds.toFixed(1)} s; most memory ${mb(peakMb)}`,
  ];
}

async function mixed(server: Listening, api: Api, key: string, megabytes: number) {
  const count = megabytes < 10 ? 40 : 200;
  await chat(server.url, key, 10);
  const idle = await chat(server.url, key, count);
  const importing = importFiles(api, server.pid, 'mixed', mixedDocuments(megabytes * million));
  const busy = await chat(server.url, key, count);
  return { idle, busy, imported: await importing };
}

/** Bringing knowledge in and taking it away while others work. */
export async function runIngest({ quick }: Scale): Promise<Section> {
  const megabytes = quick ? 5 : 100;
  const items = quick ? 2_000 : 20_000;
  const chunks = quick ? 4_000 : 100_000;
  const uploadBytes = quick ? 50 * million : 1000 * million;
  const directory = await temporaryDirectory();
  const simulator = await startSimulator();
  const server = await startServer(directory.path, simulator.url, '', {
    EMBEDDING_MODEL: 'sim-embed',
    // What is measured is the clearing away, which waits for days otherwise.
    TRASH_DAYS: '0',
    UPLOAD_FILE_MAX_SIZE: '1100',
  });
  try {
    const api = await logIn(server.url);
    const key = await createApp(api, 'chat', simpleAppDocument({ model: 'sim-50-0' }));
    const { idle, busy, imported } = await mixed(server, api, key, megabytes);
    console.error(`  mixed: ${speedOf(imported).toFixed(2)} MB/s, ${mb(imported.peakMb)}`, imported.failed);
    const csv = await importFiles(api, server.pid, 'csv', [
      { name: 'customers.csv', content: csvOf(megabytes * million, 3) },
    ]);
    console.error(`  csv: ${speedOf(csv).toFixed(2)} MB/s, ${mb(csv.peakMb)}`, csv.failed);
    const upload = await uploadLarge(api, server.pid, uploadBytes);
    console.error(`  upload: ${upload.seconds.toFixed(1)} s, ${mb(upload.moreMb)} more`);
    const pushed = await push(api, items);
    const memory = watchMemory(server.pid);
    const deleted = await deleteBeside(api, chunks);
    const deletionMb = memory.stop();
    const p50 = busy.totalMs.p50 / idle.totalMs.p50;
    const p99 = busy.totalMs.p99 / idle.totalMs.p99;
    const check = (name: string, target: string, measured: string, met: boolean): Check => ({
      name,
      target,
      measured,
      met,
    });
    const whole = imported.failed.length === 0;
    return {
      id: 'i',
      title: `Bringing in ${megabytes} MB`,
      method: `Files of 1 MB made by code (Markdown, HTML, text, CSV, PDF) uploaded one after the other, split and embedded by the simulator's model, with chats two at a time meanwhile and before; one CSV of ${megabytes} MB; an upload of ${uploadBytes / million} MB, as it is made; ${items.toLocaleString('en')} items of 200 characters through \`pushData\`, four calls at a time; a dataset of ${chunks.toLocaleString('en')} chunks deleted while another is searched. Memory is that of the server with all its processes.`,
      columns: ['what', 'how much', 'how fast', 'more'],
      rows: [
        importRow('mixed documents', imported),
        importRow('one CSV', csv),
        [
          'one upload',
          `${uploadBytes / million} MB`,
          `${upload.seconds.toFixed(1)} s`,
          `${mb(upload.moreMb)} more memory than before`,
        ],
        [
          'chat meanwhile',
          `${busy.answers} answers`,
          `p50 ${ms(busy.totalMs.p50)}, p99 ${ms(busy.totalMs.p99)}`,
          `idle p50 ${ms(idle.totalMs.p50)}, p99 ${ms(idle.totalMs.p99)}`,
        ],
        [
          'pushData',
          `${items.toLocaleString('en')} items`,
          `${Math.round(pushed.acknowledged)}/s acknowledged and found by words`,
          `${Math.round(pushed.searchable)}/s with vectors`,
        ],
        [
          'deletion',
          `${chunks.toLocaleString('en')} chunks`,
          `answered in ${ms(deleted.answered)}, cleared in ${deleted.cleared.toFixed(1)} s`,
          `searches meanwhile p50 ${ms(deleted.meanwhile.p50)}, p99 ${ms(deleted.meanwhile.p99)} (before ${ms(deleted.before.p50)}, ${ms(deleted.before.p99)}); most memory ${mb(deletionMb)}`,
        ],
      ],
      checks: [
        check('files that were imported', 'all', whole ? 'all' : imported.failed.join('; '), whole),
        check('import', '≥ 1 MB/s', `${speedOf(imported).toFixed(2)} MB/s`, speedOf(imported) >= 1),
        check('memory of the import', '≤ 500 MB', mb(imported.peakMb), imported.peakMb <= 500),
        check('chat during it p50', '≤ 2× idle', times(p50), p50 <= 2),
        check('chat during it p99', '≤ 5× idle', times(p99), p99 <= 5),
        check(
          `a CSV of ${megabytes} MB`,
          'imported in ≤ 500 MB',
          csv.failed[0] ?? mb(csv.peakMb),
          csv.failed.length === 0 && csv.peakMb <= 500,
        ),
        check('upload', '≤ 100 MB more memory', mb(upload.moreMb), upload.moreMb <= 100),
        check('pushData', '≥ 2,000/s', `${Math.round(pushed.acknowledged)}/s`, pushed.acknowledged >= 2000),
        check(
          'pushed items with vectors',
          '≥ 400/s',
          `${Math.round(pushed.searchable)}/s`,
          pushed.searchable >= 400,
        ),
        check(
          'searches during a deletion p99',
          '≤ 250 ms',
          ms(deleted.meanwhile.p99),
          deleted.meanwhile.p99 <= 250,
        ),
      ],
    };
  } finally {
    await server.stop();
    await simulator.stop();
    await directory.remove();
  }
}
