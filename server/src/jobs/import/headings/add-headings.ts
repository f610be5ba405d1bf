import type { ChatModel } from '../../../models/ports.ts';
import type { ChunkSettings } from '../../../retrieval/ports.ts';
import { fromJson, toJson } from '../../../store/json.ts';
import type { CollectionRow } from '../../../store/schema.ts';
import { ask } from '../../training/ask.ts';
import { requireLanguageModel, userOf } from '../../training/models.ts';
import { addUse, type ModelUse, pointsOf } from '../../training/usage.ts';
import type { ImportDeps, ImportPayload, ImportTools } from '../deps.ts';
import { type Heading, headingPrompt, insertHeadings, readHeadings } from './heading-text.ts';
import { hasHeadings, type Piece, piecesOf, textLines } from './text-lines.ts';

/** Pieces that a model is asked about at the same time. */
const mostAtOnce = 4;

interface Params {
  chunkSettingMode?: string | undefined;
  paragraphChunkAIMode?: string | undefined;
}

/** Whether a model is to give a text headings before it is split along them: `auto` = where it has none. */
export function headingMode(
  { chunkSettingMode, paragraphChunkAIMode: mode }: Params,
  { splitMode }: Pick<ChunkSettings, 'splitMode'>,
): 'auto' | 'force' | undefined {
  if (chunkSettingMode !== 'custom' || splitMode !== 'paragraph') return undefined;
  return mode === 'auto' || mode === 'force' ? mode : undefined;
}

/**
 * The text of a document with headings by the language model of its dataset, where the collection asks for it. What
 * the model said is kept in the job piece by piece, with what it took: a repeated run asks for nothing twice, and makes
 * the same of it. Progress goes from 30 to 39 percent.
 */
export async function addHeadings(
  deps: ImportDeps,
  collection: CollectionRow,
  markdown: string,
  settings: ChunkSettings,
  tools: ImportTools,
): Promise<string> {
  const mode = headingMode(fromJson<Params>(collection.params, {}), settings);
  if (mode === undefined) return markdown;
  const lines = textLines(markdown);
  if (mode === 'auto' && hasHeadings(lines, markdown.length)) return markdown;
  const pieces = piecesOf(lines);
  const known = new Map(Object.entries((tools.job.payload as ImportPayload).headings ?? {}));
  const open = [...new Map(pieces.map((piece) => [piece.key, piece])).values()].filter(
    ({ key }) => !known.has(key),
  );
  if (open.length > 0) await askAbout({ deps, collection, tools, known }, open);
  return insertHeadings(markdown, pieces, ({ key }) => known.get(key) ?? [], settings.headingDepth);
}

interface Run {
  deps: ImportDeps;
  collection: CollectionRow;
  tools: ImportTools;
  known: Map<string, Heading[]>;
}

async function askAbout(run: Run, open: readonly Piece[]): Promise<void> {
  const { tools } = run;
  const model = await modelOf(run);
  const before = run.known.size;
  const total = before + open.length;
  const show = (structured: number) =>
    tools.progress({
      stage: 'headings',
      percent: 30 + Math.floor((9 * structured) / total),
      counts: { piecesToStructure: total, structured },
    });
  show(before);
  for (let start = 0, atOnce = 1; start < open.length; ) {
    tools.signal.throwIfAborted();
    const batch = open.slice(start, start + atOnce);
    const asked = await Promise.allSettled(batch.map((piece) => askOnce(run, model, piece)));
    // What was paid for is kept, whatever became of the others.
    await keep(
      run,
      asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    );
    const failed = asked.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    start += batch.length;
    atOnce = Math.min(mostAtOnce, atOnce * 2);
    show(before + start);
  }
}

async function modelOf({ deps, collection }: Run): Promise<ChatModel> {
  const { teamId, datasetId } = collection;
  const dataset = await deps.store.db
    .selectFrom('datasets')
    .select('agentModel')
    .where('teamId', '=', teamId)
    .where('id', '=', datasetId)
    .executeTakeFirst();
  const user = await userOf(deps.store, collection);
  return requireLanguageModel(deps.models, { agentModel: dataset?.agentModel ?? null }, user);
}

interface Asked {
  key: string;
  headings: Heading[];
  use: ModelUse;
}

/** An answer that is none leaves the piece without headings. */
async function askOnce({ tools }: Run, model: ChatModel, piece: Piece): Promise<Asked> {
  const messages = [{ role: 'user' as const, content: headingPrompt(piece) }];
  const said = await ask(model, messages, { signal: tools.signal });
  return { key: piece.key, headings: readHeadings(piece, said), use: said.use };
}

/** Writes down what a model said together with what it took. */
async function keep({ deps, collection, tools, known }: Run, asked: readonly Asked[]): Promise<void> {
  if (asked.length === 0) return;
  const { job } = tools;
  const payload = job.payload as ImportPayload;
  const uses = asked.map(({ use }) => use);
  for (const { key, headings } of asked) known.set(key, headings);
  const kept: ImportPayload = { ...payload, headings: Object.fromEntries(known) };
  const { id: collectionId, teamId, datasetId } = collection;
  await deps.store.db.transaction().execute(async (trx) => {
    await tools.mustHold(trx);
    await addUse(trx, { teamId, datasetId, collectionId, billId: '', mode: 'headings' }, uses);
    await trx
      .updateTable('jobs')
      .set({ payload: toJson(kept) })
      .where('teamId', '=', teamId)
      .where('id', '=', job.id)
      .execute();
  });
  const points = pointsOf(uses);
  if (payload.keyId !== undefined && points > 0) deps.charge(payload.keyId, points);
}
