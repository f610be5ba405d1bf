import type { Api } from './api.ts';
import { quantiles } from './stats.ts';
import type { Passage, TestSet } from './test-set.ts';

/** What a mode is called in the API. */
export const modes = { keyword: 'fullTextRecall', embedding: 'embedding', hybrid: 'mixedRecall' } as const;
export type Mode = keyof typeof modes;

const batchSize = 200;
const cutoff = 10;

/** Loads a corpus into one collection of a new dataset, as a user would; answers the passage behind each data id. */
export async function loadCorpus(
  api: Api,
  name: string,
  corpus: Passage[],
): Promise<{ datasetId: string; ids: Map<string, string> }> {
  const datasetId = await api.call<string>('POST', '/core/dataset/create', { name });
  const collection = { datasetId, name, type: 'virtual' };
  const collectionId = await api.call<string>('POST', '/core/dataset/collection/create', collection);
  const ids = new Map<string, string>();
  for (let start = 0; start < corpus.length; start += batchSize) {
    const batch = corpus.slice(start, start + batchSize);
    const data = batch.map(({ title, text }) => ({ q: `${title}\n${text}` }));
    const request = { collectionId, trainingType: 'chunk', data };
    const { items } = await api.call<{ items: { index: number; id?: string }[] }>(
      'POST',
      '/core/dataset/data/pushData',
      request,
    );
    for (const { index, id } of items) {
      const passage = batch[index];
      if (passage && id !== undefined) ids.set(id, passage._id);
    }
  }
  return { datasetId, ids };
}

export interface Quality {
  ndcg: number;
  mrr: number;
}

function judge(found: string[], relevant: Map<string, number>): Quality {
  const gain = (worth: number, place: number): number => worth / Math.log2(place + 2);
  const ideal = [...relevant.values()].sort((a, b) => b - a).slice(0, cutoff);
  const best = ideal.reduce((sum, worth, place) => sum + gain(worth, place), 0);
  const got = found.slice(0, cutoff).reduce((sum, id, place) => sum + gain(relevant.get(id) ?? 0, place), 0);
  const first = found.slice(0, cutoff).findIndex((id) => (relevant.get(id) ?? 0) > 0);
  return { ndcg: best > 0 ? got / best : 0, mrr: first < 0 ? 0 : 1 / (first + 1) };
}

const mean = (numbers: number[]): number =>
  numbers.reduce((sum, n) => sum + n, 0) / Math.max(1, numbers.length);

/** How good the lists of one mode were, and how quick. Times in milliseconds. */
export interface Found extends Quality {
  p50: number;
  p95: number;
  /** What the first answer said of itself. */
  said: string;
}

/** Asks every question of a set in one mode, and judges the lists. */
export async function askAll(
  api: Api,
  set: TestSet,
  { datasetId, ids }: { datasetId: string; ids: Map<string, string> },
  mode: Mode,
  weight: number,
): Promise<Found> {
  const judged: Quality[] = [];
  const times: number[] = [];
  let said = '';
  for (const query of set.queries) {
    const began = performance.now();
    const { list, notice } = await api.call<{ list: { id: string }[]; notice?: string }>(
      'POST',
      '/core/dataset/searchTest',
      {
        datasetId,
        text: query.text,
        searchMode: modes[mode],
        embeddingWeight: weight,
        limit: 20_000,
      },
    );
    times.push(performance.now() - began);
    if (judged.length === 0) said = notice ?? '';
    const passages = list.map(({ id }) => ids.get(id) ?? '');
    judged.push(judge([...new Set(passages)], set.relevant.get(query._id) ?? new Map()));
  }
  const { p50, p95 } = quantiles(times);
  return { ndcg: mean(judged.map((q) => q.ndcg)), mrr: mean(judged.map((q) => q.mrr)), p50, p95, said };
}

/** Waits until nothing of a dataset is left to be embedded, and its vectors have been measured. */
export async function untilEmbedded(api: Api, datasetId: string): Promise<void> {
  for (let quiet = 0; quiet < 4; ) {
    const { list } = await api.call<{ list: { trainingAmount: number }[] }>(
      'POST',
      '/core/dataset/collection/listV2',
      { datasetId, offset: 0, pageSize: 10 },
    );
    const [probe] = [
      await api.call<{ notice?: string }>('POST', '/core/dataset/searchTest', {
        datasetId,
        text: 'probe',
        searchMode: 'mixedRecall',
        embeddingWeight: 1,
      }),
    ];
    const waits = list.some(({ trainingAmount }) => trainingAmount > 0);
    quiet = waits || /until it is measured/.test(probe?.notice ?? '') ? 0 : quiet + 1;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
