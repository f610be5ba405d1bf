/*
 * npm run bench:formats -- --data DIR [--show FILE]
 * Uploads the files that DIR/manifest.json names to a fresh server, as a user would, and prints two shares of the
 * strings that it expects of each file: those that the parser's text holds, and those that a search for them finds.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { withoutMarks } from '../../server/src/kernel/positions.ts';
import { readDocument } from '../../server/src/retrieval/formats/index.ts';
import { type Api, logIn } from './lib/api.ts';
import { startServer, temporaryDirectory } from './lib/children.ts';

interface Entry {
  file: string;
  format: string;
  kind: string;
  expect: string[];
  reject?: string[];
}
interface Tally {
  files: number;
  expected: number;
  parsed: number;
  found: number;
}

const measured = ['md', 'txt', 'html', 'pdf', 'docx', 'csv'];
/** The most tokens that a search test answers. */
const limit = 20_000;
const longestImportMs = 60_000;

/** Line ends and the spacing of columns differ between tools, words do not. */
const comparable = (text: string): string => text.normalize('NFKC').replace(/[\s\u00ad]/g, '');

const { values } = parseArgs({ options: { data: { type: 'string' }, show: { type: 'string' } } });
if (!values.data) throw new Error('Usage: npm run bench:formats -- --data DIR [--show FILE]');
const directory = values.data;

/** Imports a file into a dataset of its own and waits for it; fails with what the server says is wrong. */
async function upload(api: Api, file: string): Promise<string> {
  const datasetId = await api.call<string>('POST', '/core/dataset/create', { name: file.slice(0, 100) });
  const form = new FormData();
  form.append('data', JSON.stringify({ datasetId, trainingType: 'chunk' }));
  form.append('file', new Blob([new Uint8Array(await readFile(join(directory, file)))]), file);
  const { collectionId } = await api.upload<{ collectionId: string }>(
    '/core/dataset/collection/create/localFile',
    form,
  );
  const end = Date.now() + longestImportMs;
  while (Date.now() < end) {
    const { progress, error } = await api.call<{ progress: { state: string }; error?: string }>(
      'GET',
      '/core/dataset/collection/trainingDetail',
      { collectionId },
    );
    if (progress.state === 'done') return datasetId;
    if (progress.state === 'failed') throw new Error(`${file}: ${error}`);
    await pause(100);
  }
  throw new Error(`${file} was not imported within ${longestImportMs / 1000} seconds`);
}

/** Whether a search for the string answers passages that hold it. */
async function isFound(api: Api, datasetId: string, text: string): Promise<boolean> {
  const request = { datasetId, text, limit, searchMode: 'fullTextRecall' };
  const { list } = await api.call<{ list: { q: string }[] }>('POST', '/core/dataset/searchTest', request);
  return list.some(({ q }) => comparable(q).includes(comparable(text)));
}

async function measure(api: Api, entry: Entry, tally: Tally): Promise<void> {
  const path = join(directory, entry.file);
  const { markdown } = await readDocument({ name: entry.file, path }, () => {});
  if (values.show === entry.file) console.log(withoutMarks(markdown));
  const text = comparable(withoutMarks(markdown));
  const unwanted = (entry.reject ?? []).filter((refused) => text.includes(comparable(refused)));
  const notParsed = entry.expect.filter((wanted) => !text.includes(comparable(wanted)));
  const began = performance.now();
  const datasetId = await upload(api, entry.file);
  const elapsed = Math.round(performance.now() - began);
  const notFound: string[] = [];
  for (const wanted of entry.expect) if (!(await isFound(api, datasetId, wanted))) notFound.push(wanted);
  tally.files += 1;
  tally.expected += entry.expect.length;
  tally.parsed += Math.max(0, entry.expect.length - notParsed.length - unwanted.length);
  tally.found += entry.expect.length - notFound.length;
  const problems = { notParsed, notFound, unwanted };
  const fine = Object.values(problems).every((list) => list.length === 0);
  console.log(
    `${entry.format.padEnd(5)} imported in ${String(elapsed).padStart(5)} ms  ${entry.file}  ${fine ? 'ok' : JSON.stringify(problems)}`,
  );
}

const entries = JSON.parse(await readFile(join(directory, 'manifest.json'), 'utf8')) as Entry[];
const tallies = new Map(
  measured.map((format): [string, Tally] => [format, { files: 0, expected: 0, parsed: 0, found: 0 }]),
);
const temporary = await temporaryDirectory();
const server = await startServer(temporary.path);
try {
  const api = await logIn(server.url);
  for (const entry of entries) {
    const tally = tallies.get(entry.format);
    if (tally && entry.kind !== 'scan') await measure(api, entry, tally);
  }
} finally {
  await server.stop();
  await temporary.remove();
}
const share = (part: number, whole: number): string =>
  `${part} of ${whole} (${((100 * part) / Math.max(1, whole)).toFixed(1)} %)`;
for (const [format, { files, expected, parsed, found }] of tallies) {
  console.log(
    `${format}: ${files} files; strings in the text ${share(parsed, expected)}; found by search ${share(found, expected)}`,
  );
  if (parsed < expected || found < expected) process.exitCode = 1;
}
