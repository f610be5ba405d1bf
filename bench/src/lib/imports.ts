import type { Api } from './api.ts';
import type { BenchFile } from './corpus.ts';
import { residentMb } from './process-tree.ts';

interface Job {
  name: string;
  state: string;
  error: string;
  counts: Record<string, number>;
}

/** How an import went. */
export interface Imported {
  datasetId: string;
  bytes: number;
  /** Until the last import was done: everything can be found by its words. */
  seconds: number;
  /** Until everything had its vectors. */
  embeddedSeconds: number;
  chunks: number;
  failed: string[];
  /** Of the server and everything it started. */
  peakMb: number;
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Remembers the most memory of a process tree until it is stopped. */
export function watchMemory(pid: number): { stop(): number } {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, residentMb(pid));
  }, 200);
  return {
    stop() {
      clearInterval(timer);
      return peak;
    },
  };
}

/** Uploads files into a new dataset and waits until all are imported and embedded. */
export async function importFiles(
  api: Api,
  pid: number,
  name: string,
  files: Iterable<BenchFile>,
): Promise<Imported> {
  const datasetId = await api.call<string>('POST', '/core/dataset/create', { name });
  const memory = watchMemory(pid);
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  let bytes = 0;
  let count = 0;
  for (const { name: file, content } of files) {
    const form = new FormData();
    form.set('data', JSON.stringify({ datasetId, trainingType: 'chunk' }));
    form.append('file', new Blob([content]), file);
    await api.upload('/core/dataset/collection/create/localFile', form);
    bytes += typeof content === 'string' ? Buffer.byteLength(content) : content.length;
    count += 1;
  }
  const jobs = await untilDone(api, { datasetId, kind: 'import' }, count);
  const imported = seconds();
  await untilEmbedded(api, datasetId);
  return {
    datasetId,
    bytes,
    seconds: imported,
    embeddedSeconds: seconds(),
    chunks: jobs.reduce((sum, { counts }) => sum + (counts.written ?? 0), 0),
    failed: jobs.filter(({ state }) => state !== 'done').map((job) => `${job.name}: ${job.error}`),
    peakMb: memory.stop(),
  };
}

async function untilDone(api: Api, query: Record<string, string>, count: number): Promise<Job[]> {
  for (;;) {
    const jobs: Job[] = [];
    for (let offset = 0; offset < count; offset += 100) {
      const page = { ...query, offset: String(offset), pageSize: '100' };
      jobs.push(...(await api.call<{ list: Job[] }>('GET', '/core/jobs', page)).list);
    }
    if (jobs.length >= count && jobs.every(({ state }) => ['done', 'failed'].includes(state))) return jobs;
    await sleep(250);
  }
}

/** Waits until nothing of a dataset waits for a vector. */
export async function untilEmbedded(api: Api, datasetId: string): Promise<void> {
  for (let quiet = 0; quiet < 3; ) {
    const query = { datasetId, kind: 'embed' };
    const { list } = await api.call<{ list: Job[] }>('GET', '/core/jobs', query);
    quiet = list.every(({ state }) => state === 'done' || state === 'failed') ? quiet + 1 : 0;
    await sleep(200);
  }
}
