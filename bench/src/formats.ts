/*
 * npm run bench:formats -- --data DIR [--show FILE]
 * Uploads the files that DIR/manifest.json names to a fresh server, as a user would, and prints two shares of the
 * strings that it expects of each file: those that the parser's text holds, and those that a search for them finds.
 * Then, of the files that the project makes itself, the shares of cells that stand in their row and column and of lines
 * that stand in their order, and how quickly PDFs of text and of scans are read.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { withoutMarks } from '../../server/src/kernel/positions.ts';
import { layoutFiles, tallyLayout } from '../../server/src/retrieval/formats/fixtures-layout.ts';
import { readDocument } from '../../server/src/retrieval/formats/index.ts';
import { createTextReader } from '../../server/src/retrieval/formats/ocr/reader.ts';
import { type Api, logIn } from './lib/api.ts';
import { startServer, temporaryDirectory } from './lib/children.ts';
import { measureReading } from './lib/reading-speed.ts';

interface Entry {
  file: string;
  format: string;
  kind: string;
  expect: string[];
  bytes: number;
  reject?: string[];
}
interface Tally {
  files: number;
  expected: number;
  parsed: number;
  found: number;
  bytes: number;
  readMs: number;
}

/** The least share of strings that must be found: those of scans are read from pictures. */
const wantedShare = { scan: 0.85, other: 1 };
/** The least share of cells in their row and lines in their order. */
const wantedLayout = 0.95;
/** Text is read at so many pages a second, a scan in so many seconds, with so much memory. */
const wantedSpeed = { leastPagesPerSecond: 20, mostSecondsPerScan: 15, mostMb: 512 };
/** The most tokens that a search test answers. */
const limit = 20_000;
const longestImportMs = 60_000;

/** Line ends and what stands between columns differ between tools, words do not. */
const comparable = (text: string): string => text.normalize('NFKC').replace(/[\s\u00ad|]/g, '');

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

/** What a step gives, or why it failed: a file that cannot be read counts, it does not end the measurement. */
async function attempt<T>(step: () => Promise<T>): Promise<{ value?: T; failed?: string; ms: number }> {
  const start = performance.now();
  try {
    const value = await step();
    return { value, ms: performance.now() - start };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error), ms: performance.now() - start };
  }
}

async function measure(api: Api, entry: Entry, tally: Tally): Promise<void> {
  const path = join(directory, entry.file);
  const read = await attempt(() => readDocument({ name: entry.file, path, reader }, () => {}));
  const markdown = withoutMarks(read.value?.markdown ?? '');
  if (values.show === entry.file) console.log(markdown);
  const text = comparable(markdown);
  const unwanted = (entry.reject ?? []).filter((refused) => text.includes(comparable(refused)));
  const notParsed = entry.expect.filter((wanted) => !text.includes(comparable(wanted)));
  const imported = await attempt(() => upload(api, entry.file));
  const datasetId = imported.value;
  const notFound: string[] = [];
  for (const wanted of entry.expect)
    if (datasetId === undefined || !(await isFound(api, datasetId, wanted))) notFound.push(wanted);
  tally.files += 1;
  tally.bytes += entry.bytes;
  tally.readMs += read.ms;
  tally.expected += entry.expect.length;
  tally.parsed += Math.max(0, entry.expect.length - notParsed.length - unwanted.length);
  tally.found += entry.expect.length - notFound.length;
  const problems = { notParsed, notFound, unwanted };
  const failed = read.failed ?? imported.failed;
  const fine = Object.values(problems).every((list) => list.length === 0);
  const [readMs, importMs] = [read.ms, imported.ms].map((ms) => String(Math.round(ms)).padStart(5));
  console.log(
    `${entry.format.padEnd(5)} read in ${readMs} ms, imported in ${importMs} ms  ${entry.file}  ${failed ?? (fine ? 'ok' : JSON.stringify(problems))}`,
  );
}

const entries = JSON.parse(await readFile(join(directory, 'manifest.json'), 'utf8')) as Entry[];
/** Scans are measured apart, whatever kind of file they are. */
const groupOf = (entry: Entry): string => (entry.kind === 'scan' ? 'scan' : entry.format);
const tallies = new Map<string, Tally>();
const temporary = await temporaryDirectory();
const reader = createTextReader(temporary.path);
const server = await startServer(temporary.path);
try {
  const api = await logIn(server.url);
  for (const entry of entries) {
    const empty = { files: 0, expected: 0, parsed: 0, found: 0, bytes: 0, readMs: 0 };
    const tally = tallies.get(groupOf(entry)) ?? empty;
    tallies.set(groupOf(entry), tally);
    await measure(api, entry, tally);
  }
} finally {
  await server.stop();
  await reader.close();
}
const share = (part: number, whole: number): string =>
  whole === 0 ? 'none' : `${part} of ${whole} (${((100 * part) / whole).toFixed(1)} %)`;
for (const [group, { files, expected, parsed, found, bytes, readMs }] of tallies) {
  const speed = `${Math.round(readMs / files)} ms a file, ${(bytes / 1e6 / (readMs / 1000)).toFixed(2)} MB/s`;
  console.log(
    `${group}: ${files} files; strings in the text ${share(parsed, expected)}; found by search ${share(found, expected)}; read at ${speed}`,
  );
  const least = (group === 'scan' ? wantedShare.scan : wantedShare.other) * expected;
  if (parsed < least || found < least) process.exitCode = 1;
}
for (const file of layoutFiles) {
  const path = join(temporary.path, `layout${extname(file.name)}`);
  await writeFile(path, file.bytes());
  const { markdown } = await readDocument({ name: file.name, path }, () => {});
  if (values.show === file.name) console.log(markdown);
  const { cells, cellsInRow, lines, linesInOrder } = tallyLayout(file, markdown);
  console.log(
    `layout of ${file.name}: cells in their row ${share(cellsInRow, cells)}; lines in their order ${share(linesInOrder, lines)}`,
  );
  if (cellsInRow < wantedLayout * cells || linesInOrder < wantedLayout * lines) process.exitCode = 1;
}
const speed = await measureReading(temporary.path);
console.log(
  `speed: a PDF of ${speed.textPages} pages of text at ${speed.pagesPerSecond.toFixed(0)} pages/s; one of ${speed.scannedPages} scans at ${speed.secondsPerScan.toFixed(1)} s a page; most memory of the processes that read ${speed.peakMb.toFixed(0)} MB`,
);
const { leastPagesPerSecond, mostSecondsPerScan, mostMb } = wantedSpeed;
if (speed.pagesPerSecond < leastPagesPerSecond || speed.secondsPerScan > mostSecondsPerScan)
  process.exitCode = 1;
if (speed.peakMb > mostMb) process.exitCode = 1;
await temporary.remove();
