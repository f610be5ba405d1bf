import type { Text } from '@lectern/contract/lang.ts';
import { embedJobId } from '../../jobs/embedding.ts';
import type { AnalysedDocument } from '../../retrieval/ports.ts';
import type { App } from '../context.ts';
import { wrongVectors } from './check-vectors.ts';
import { type CheckedDataset, type CheckedItem, datasetsToCheck, itemsToCheck } from './pages.ts';

type IndexApp = Pick<App, 'store' | 'textIndex'>;

/** One thing in which the index differs from the data. */
export interface IndexProblem {
  index: 'keywords' | 'vectors';
  datasetId?: string;
  dataId: string;
  what: Text;
}

export interface IndexReport {
  datasets: number;
  items: number;
  /** How many were found; `problems` names the first of them. */
  found: number;
  problems: IndexProblem[];
  /** How many were mended; a keyword row is then right, and an item without its vectors waits to be embedded. */
  mended: number;
}

export interface IndexCheckOptions {
  /** This dataset only. */
  datasetId?: string | undefined;
  /** Mends what is wrong. */
  repair?: boolean;
  /** With `repair`: makes everything anew, also what is right. */
  everything?: boolean;
  progress(items: number): void;
}

const pageSize = 200;
const problemsNamed = 100;

/**
 * Compares the index with the data, page by page, while the server runs: every item in the keyword index exactly once
 * with the terms that the analyser makes of it, nothing else in it, vectors for each text of an item that is marked as
 * embedded, and all of the dataset's model and length.
 */
export async function checkIndex(app: IndexApp, options: IndexCheckOptions): Promise<IndexReport> {
  const report: IndexReport = { datasets: 0, items: 0, found: 0, problems: [], mended: 0 };
  if (options.datasetId === undefined) await checkStrays(app, options, report);
  for await (const dataset of datasetsToCheck(app, options.datasetId)) {
    report.datasets += 1;
    await checkDataset(app, dataset, options, report);
  }
  return report;
}

function note(report: IndexReport, problem: IndexProblem): void {
  report.found += 1;
  if (report.problems.length < problemsNamed) report.problems.push(problem);
}

async function checkStrays(
  { store }: IndexApp,
  options: IndexCheckOptions,
  report: IndexReport,
): Promise<void> {
  const what = { en: 'the index names it, but it is not there', zh: '索引中有此数据，但数据已不存在' };
  for (;;) {
    const strays = await store.index.strays(store.db, pageSize);
    for (const dataId of strays) note(report, { index: 'keywords', dataId, what });
    if (strays.length === 0 || !options.repair) return;
    await store.db.transaction().execute((trx) => store.index.remove(trx, strays));
    report.mended += strays.length;
  }
}

async function checkDataset(
  app: IndexApp,
  dataset: CheckedDataset,
  options: IndexCheckOptions,
  report: IndexReport,
): Promise<void> {
  const all = options.repair === true && options.everything === true;
  for (let after = ''; ; ) {
    const items = await itemsToCheck(app, dataset, after, pageSize);
    const last = items.at(-1);
    if (!last) break;
    after = last.id;
    const analysed = await app.textIndex.analyse(items.map(({ document }) => document));
    const differing = new Set(await app.store.index.differing(app.store.db, analysed));
    const vectors = await wrongVectors(app, dataset, items);
    const unseen = await unseenVectors(app, items, vectors);
    const changed = await changedSince(app, dataset, items);
    for (const { id } of items) {
      if (changed.has(id)) continue;
      const what = { en: 'the keyword index does not say what it says', zh: '关键词索引与数据不一致' };
      if (differing.has(id)) note(report, { index: 'keywords', datasetId: dataset.id, dataId: id, what });
      const wrong = vectors.get(id);
      if (wrong) note(report, { index: 'vectors', datasetId: dataset.id, dataId: id, what: wrong });
      else if (unseen.has(id))
        note(report, { index: 'vectors', datasetId: dataset.id, dataId: id, what: notSeen });
    }
    if (options.repair) {
      report.mended += await mend(app, dataset, {
        items: items.filter(({ id }) => !changed.has(id)),
        keywords: analysed.filter(({ dataId }) => all || differing.has(dataId)),
        vectors: new Set(all ? items.map(({ id }) => id) : vectors.keys()),
        unseen: all ? new Set() : unseen,
      });
    }
    report.items += items.length;
    options.progress(report.items);
  }
  await checkCounts(app, dataset, options, report);
  if (all) await forgetModel(app, dataset);
}

const notSeen = {
  en: 'a search does not see its vectors as they are stored',
  zh: '检索所见的向量与保存的不一致',
};

/** Items whose stored vectors are right, and that a search sees otherwise. */
async function unseenVectors(
  { store }: IndexApp,
  items: CheckedItem[],
  wrong: ReadonlyMap<string, Text>,
): Promise<Set<string>> {
  const ids = items.map(({ id }) => id).filter((id) => !wrong.has(id));
  return new Set(await store.index.differingVectors(store.db, ids));
}

/** What the ranking counts of the dataset, after its rows are right. */
async function checkCounts(
  { store }: IndexApp,
  dataset: CheckedDataset,
  options: IndexCheckOptions,
  report: IndexReport,
): Promise<void> {
  if (!(await store.index.miscounted(store.db, dataset.id))) return;
  const what = {
    en: 'the number of its documents or words, by which results are ranked, is wrong',
    zh: '用于排序的文档数或词数不正确',
  };
  note(report, { index: 'keywords', datasetId: dataset.id, dataId: '', what });
  if (!options.repair) return;
  await store.db.transaction().execute((trx) => store.index.recount(trx, dataset.id));
  report.mended += 1;
}

/** Items that somebody changed or deleted while they were looked at: what was found out of them says nothing. */
async function changedSince(
  app: IndexApp,
  dataset: CheckedDataset,
  items: CheckedItem[],
): Promise<Set<string>> {
  const [first] = items;
  if (!first) return new Set();
  const now = new Map<string, string>();
  const before = items.map((item) => [item.id, stateOf(item)] as const);
  const fresh = await itemsToCheck(app, dataset, justBefore(first.id), items.length);
  for (const item of fresh) now.set(item.id, stateOf(item));
  return new Set(before.filter(([id, state]) => now.get(id) !== state).map(([id]) => id));
}

const stateOf = ({ document, vectorModel }: CheckedItem): string => JSON.stringify([document, vectorModel]);

/** The greatest text of the same length below an id: a page after it begins with the id. */
function justBefore(id: string): string {
  return id.slice(0, -1) + String.fromCharCode(id.charCodeAt(id.length - 1) - 1);
}

async function mend(
  { store }: IndexApp,
  dataset: CheckedDataset,
  what: {
    items: CheckedItem[];
    keywords: AnalysedDocument[];
    vectors: Set<string>;
    unseen: Set<string>;
  },
): Promise<number> {
  const hashes = new Map(what.items.map(({ id, hash }) => [id, hash]));
  const wanted = [...hashes.keys()].filter(
    (id) => what.vectors.has(id) || what.unseen.has(id) || what.keywords.some(({ dataId }) => dataId === id),
  );
  if (wanted.length === 0) return 0;
  return await store.db.transaction().execute(async (trx) => {
    const rows = await trx
      .selectFrom('data')
      .select(['id', 'hash'])
      .where('teamId', '=', dataset.teamId)
      .where('id', 'in', wanted)
      .execute();
    const same = new Set(rows.filter(({ id, hash }) => hashes.get(id) === hash).map(({ id }) => id));
    const keywords = what.keywords.filter(({ dataId }) => same.has(dataId));
    const vectors = [...what.vectors].filter((id) => same.has(id));
    await store.index.write(trx, keywords);
    const unseen = [...what.unseen].filter((id) => same.has(id) && !what.vectors.has(id));
    await store.index.removeVectors(trx, dataset.teamId, vectors);
    await store.index.restoreVectors(trx, unseen);
    return keywords.length + vectors.length + unseen.length;
  });
}

/** A dataset without vectors is bound to no length and nothing measured; whoever failed to embed it may try again. */
async function forgetModel({ store }: IndexApp, { id, teamId }: CheckedDataset): Promise<void> {
  await store.db.transaction().execute(async (trx) => {
    await trx
      .updateTable('datasets')
      .set({ dimensions: null, bestEmbeddingWeight: null, calibratedItems: null })
      .where('teamId', '=', teamId)
      .where('id', '=', id)
      .where((eb) =>
        eb.not(
          eb.exists(
            eb.selectFrom('vectors').select('vectors.seq').whereRef('vectors.datasetId', '=', 'datasets.id'),
          ),
        ),
      )
      .execute();
    await trx
      .deleteFrom('jobs')
      .where('teamId', '=', teamId)
      .where('id', '=', embedJobId(id))
      .where('state', 'in', ['failed', 'done', 'cancelled'])
      .execute();
  });
}
