import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { savedQuestionEndpoints } from '@lectern/contract/saved-questions.ts';
import type { NodeResponse } from '@lectern/contract/workflow.ts';
import { fail } from '../../kernel/errors.ts';
import { fromJson } from '../../store/json.ts';
import type { ChatItemRow } from '../../store/schema.ts';
import { findChat } from '../chats/find-chat.ts';
import { type ChatValue, textOfValues } from '../chats/values.ts';
import type { App, Caller } from '../context.ts';
import { datasetsOfTeam, requireContentDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { addQuestions } from './add-questions.ts';
import { dataOf, presentQuestion, requireExpected } from './queries.ts';

type Endpoint = typeof savedQuestionEndpoints.saveRatedQuestion;
type Input = InputOf<Endpoint>;

/**
 * Makes saved questions of a rated answer: the question it was for, in every dataset that it cited. What a good answer
 * cited is expected; of a bad one it is known only that this was not it.
 */
export async function saveRated(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: Input,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:write');
  const { teamId, memberId } = caller;
  const { db } = app.store;
  const { question, answer, quotes } = await ratedAnswer(app, caller, input);
  const rating = input.rating ?? (answer.userBadFeedback ? 'bad' : 'good');
  const feedback = answer.userBadFeedback ?? answer.userGoodFeedback ?? '';
  const datasets = await datasetsOf(app, teamId, input, quotes);
  const saved = [];
  for (const id of datasets) {
    const dataset = await requireContentDataset(db, teamId, id);
    const cited = quotes.flatMap((quote) => (quote.datasetId === id && quote.id ? [quote.id] : []));
    const known = rating === 'good' ? [...(await dataOf(db, dataset, cited)).keys()] : [];
    const expected = { dataIds: input.expectedDataIds ?? known, collectionIds: [] };
    await requireExpected(db, dataset, expected);
    const made = await addQuestions(app, { teamId, memberId, datasetId: id, source: 'rating' }, [
      { question, expected, note: (input.note ?? feedback).slice(0, 2000) },
    ]);
    saved.push(...made);
  }
  const list = [];
  for (const row of saved) list.push(await presentQuestion(db, row));
  return { list };
}

type Cited = { id?: string | undefined; datasetId?: string | undefined };

/** The answer, the question before it, and what the answer cited. */
async function ratedAnswer(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: Input,
): Promise<{ question: string; answer: ChatItemRow; quotes: Cited[] }> {
  const chat = await findChat(app, caller, input);
  if (!chat) throw fail('chatNotFound', { param: 'chatId' });
  const items = await app.store.db
    .selectFrom('chat_items')
    .selectAll()
    .where('teamId', '=', caller.teamId)
    .where('chatRowId', '=', chat.id)
    .orderBy('time')
    .orderBy('id')
    .execute();
  const at = items.findLastIndex((item) => item.dataId === input.chatItemDataId && item.obj === 'AI');
  const answer = items[at];
  const asked = items.slice(0, Math.max(0, at)).findLast(({ obj }) => obj === 'Human');
  const question = asked ? textOf(asked) : '';
  if (!answer || question === '') {
    const details = {
      en: 'chatItemDataId: no answer of this chat to a question',
      zh: 'chatItemDataId：该对话中没有此回答或其问题',
    };
    throw fail('validation', { params: { details }, param: 'chatItemDataId' });
  }
  const run = answer.runId
    ? await app.store.db
        .selectFrom('runs')
        .select('responseData')
        .where('teamId', '=', caller.teamId)
        .where('id', '=', answer.runId)
        .executeTakeFirst()
    : undefined;
  const responses = fromJson<NodeResponse[]>(run?.responseData, []);
  return { question, answer, quotes: responses.flatMap(({ quoteList }) => quoteList ?? []) };
}

function textOf({ value }: ChatItemRow): string {
  return textOfValues(fromJson<ChatValue[]>(value, [])).trim().slice(0, 10_000);
}

async function datasetsOf(
  app: Pick<App, 'store'>,
  teamId: string,
  { datasetId }: Input,
  quotes: Cited[],
): Promise<string[]> {
  if (datasetId) return [datasetId];
  const cited = [...new Set(quotes.flatMap((quote) => quote.datasetId ?? []))];
  const known = await datasetsOfTeam(app, teamId, cited);
  if (known.length > 0) return known;
  const details = {
    en: 'datasetId: the answer cited nothing, so say which dataset the question is for',
    zh: 'datasetId：该回答没有引用，请指定问题所属的知识库',
  };
  throw fail('validation', { params: { details }, param: 'datasetId' });
}
