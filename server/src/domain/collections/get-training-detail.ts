import type { collectionEndpoints } from '@lectern/contract/collections.ts';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { Lang, Text } from '@lectern/contract/lang.ts';
import { rowCounts } from '../../jobs/import/trainings/table.ts';
import { fromJson } from '../../store/json.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import {
  findTrainJob,
  type TrainingCount,
  trainingOfCollections,
  useOfCollection,
} from '../training/queries.ts';
import { progressOf } from './collection-progress.ts';
import { embeddingState, failedItems } from './embedding-state.ts';
import type { ChunkParams } from './params.ts';
import { itemsToCome } from './present.ts';
import { countData, type ImportState, importsOf, requireCollection } from './queries.ts';

type Answer = OutputOf<typeof collectionEndpoints.getTrainingDetail>;
type Counts = Answer['queuedCounts'];

const noCounts: Counts = { parse: 0, qa: 0, chunk: 0, image: 0, auto: 0, imageParse: 0 };

/** FastGPT's name for the step an import is in: reading the file, or making its items. */
export function modeOf(stage: string): 'parse' | 'chunk' {
  return stage === 'write' || stage === 'embed' ? 'chunk' : 'parse';
}

/** How far the import of a collection is, and why it failed. */
export async function getTrainingDetail(
  app: Pick<App, 'store' | 'models' | 'vectorIndex'>,
  caller: Caller,
  collectionId: string,
  lang: Lang,
): Promise<Answer> {
  authorize(caller, 'dataset:read');
  const { db } = app.store;
  const row = await requireCollection(db, caller.teamId, collectionId);
  const [imports, data, training, used] = await Promise.all([
    importsOf(db, caller.teamId, [collectionId]),
    countData(db, caller.teamId, [collectionId]),
    trainingOfCollections(db, caller.teamId, [collectionId]),
    useOfCollection(db, caller.teamId, collectionId),
  ]);
  const dataset = await requireDataset(db, caller.teamId, row.datasetId);
  const embedding = await embeddingState(app, dataset, [collectionId]);
  const waiting = embedding.waiting.get(collectionId) ?? 0;
  const job = imports.get(collectionId);
  const items = training.get(collectionId) ?? [];
  const stored = (data.get(collectionId) ?? 0) - waiting;
  const trainJob = items.length > 0 ? await findTrainJob(db, dataset) : undefined;
  const now = { job, items, trainJob, waiting, embedJob: embedding.job, stored };
  const toEmbed = { failed: failedItems(embedding, collectionId), waiting, job: embedding.job?.state };
  const counts = (state: ImportState['state'], amount: number) =>
    withTraining(withEmbedding(countsOf(job, state, amount), toEmbed, state), items, state);
  const params = fromJson<ChunkParams>(row.params, {});
  return {
    trainingType: row.trainingType,
    advancedTraining: {
      customPdfParse: params.customPdfParse === true,
      imageIndex: params.imageIndex === true,
      autoIndexes: params.autoIndexes === true,
    },
    queuedCounts: counts('waiting', itemsToCome(job)),
    trainingCounts: counts('running', itemsToCome(job)),
    errorCounts: counts('failed', 1),
    trainedCount: stored,
    ...progressOf(now, lang),
    ...noticeOf(job, lang),
    ...(used.length > 0 && { usage: used.map(presentUse) }),
  };
}

function countsOf(job: ImportState | undefined, state: ImportState['state'], amount: number): Counts {
  return job?.state === state ? { ...noCounts, [modeOf(job.stage)]: amount } : noCounts;
}

/** What models are asked about, in its own modes. */
function withTraining(counts: Counts, training: readonly TrainingCount[], asked: string): Counts {
  const sum = { ...counts };
  for (const { mode, state, amount } of training) if (state === asked) sum[mode] += amount;
  return sum;
}

/** Items without their vectors count as chunks, in the state that their embedding is in. */
function withEmbedding(
  counts: Counts,
  { failed, waiting, job }: { failed: number; waiting: number; job: string | undefined },
  asked: string,
): Counts {
  // After a cancelled job nobody goes on; between two others the next is about to be queued.
  const rest = job === 'cancelled' ? 'failed' : job === 'running' ? job : 'waiting';
  const amount = (asked === 'failed' ? failed : 0) + (asked === rest ? waiting - failed : 0);
  return { ...counts, chunk: counts.chunk + amount };
}

type Use = Awaited<ReturnType<typeof useOfCollection>>[number];

const presentUse = ({ mode, model, calls, inputTokens, outputTokens, points }: Use) => ({
  mode,
  model,
  calls: Number(calls),
  inputTokens: Number(inputTokens),
  outputTokens: Number(outputTokens),
  points,
});

interface DocumentCounts extends Partial<Record<(typeof rowCounts)[number], number>> {
  pages?: number;
  pagesWithoutText?: number;
  pagesByOcr?: number;
  /** Rows of a CSV without a question. */
  rowsLeftOut?: number;
  /** Lines of a file of JSON lines that are no JSON. */
  linesLeftOut?: number;
}

/** Which rows of a table were left out, as a person counts them: the header is row 1. */
function numbersOf(counts: DocumentCounts, rows: number, lang: Lang): string {
  const numbers = rowCounts.flatMap((name) => counts[name] || []);
  if (numbers.length === 0) return '';
  const more = rows > numbers.length;
  if (lang === 'zh') return `：第 ${numbers.join('、')}${more ? ' 等' : ''} 行`;
  return `: ${rows === 1 ? 'row' : 'rows'} ${numbers.join(', ')}${more ? ' …' : ''}`;
}

/** What an import that worked left out, and what of it may be wrong. */
function noticeOf(job: ImportState | undefined, lang: Lang): { notice?: string } {
  if (job?.state !== 'done') return {};
  const counts = fromJson<DocumentCounts>(job.counts, {});
  const { pages = 0, pagesWithoutText: without = 0, pagesByOcr: byOcr = 0 } = counts;
  const notices: Text[] = [];
  if (byOcr > 0) {
    notices.push({
      en: `The text of ${byOcr} of ${pages} pages was recognised in pictures (OCR): single letters and figures may be wrong.`,
      zh: `共 ${pages} 页，其中 ${byOcr} 页的文字由图像识别（OCR）得到，个别文字或数字可能有误。`,
    });
  }
  if (without > 0) {
    notices.push({
      en: `${without} of ${pages} pages gave no text and cannot be found by search: they are empty, scans or damaged.`,
      zh: `共 ${pages} 页，其中 ${without} 页没有文字，无法被检索：可能是空白页、扫描件或已损坏。`,
    });
  }
  const { rowsLeftOut: rows = 0, linesLeftOut: lines = 0 } = counts;
  if (rows > 0) {
    notices.push({
      en: `${rows} ${rows === 1 ? 'row has' : 'rows have'} no question (q) and ${rows === 1 ? 'was' : 'were'} left out${numbersOf(counts, rows, 'en')}.`,
      zh: `${rows} 行没有问题（q），已跳过${numbersOf(counts, rows, 'zh')}。`,
    });
  }
  if (lines > 0) {
    notices.push({
      en: `${lines} ${lines === 1 ? 'line is' : 'lines are'} no valid JSON and ${lines === 1 ? 'was' : 'were'} left out.`,
      zh: `${lines} 行不是有效的 JSON，已跳过。`,
    });
  }
  return notices.length === 0 ? {} : { notice: notices.map((notice) => notice[lang]).join(' ') };
}
