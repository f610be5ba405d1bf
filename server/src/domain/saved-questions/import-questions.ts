import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { Lang, Text } from '@lectern/contract/lang.ts';
import type { savedQuestionEndpoints } from '@lectern/contract/saved-questions.ts';
import { parse } from 'csv-parse';
import { fail } from '../../kernel/errors.ts';
import { decodeText } from '../../retrieval/formats/encoding.ts';
import type { DatasetRow } from '../../store/schema.ts';
import { namesOfCollections } from '../collections/queries.ts';
import type { App, Caller } from '../context.ts';
import { requireContentDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { addQuestions, mostQuestions, type NewQuestion } from './add-questions.ts';
import { dataOf, type Expected } from './queries.ts';

type Answer = OutputOf<typeof savedQuestionEndpoints.importSavedQuestions>;

/** Characters that are read at once: others have their turn in between. */
const pieceLength = 16_384;
const errorsNamed = 100;
const longestQuestion = 10_000;
const longestNote = 2000;
/** What the columns may be called. */
const names = {
  question: ['question', 'q', '*q', '问题'],
  expected: ['expected', 'expect', '预期'],
  note: ['note', '备注'],
};

/** One line of the table. */
interface Line {
  line: number;
  question: string;
  expected: string[];
  note: string;
}

/** Saves the questions of a CSV text that the dataset does not have yet; lines that are wrong are left out and named. */
export async function importQuestions(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: { datasetId: string; csv: string },
  lang: Lang,
): Promise<Answer> {
  authorize(caller, 'dataset:write');
  const dataset = await requireContentDataset(app.store.db, caller.teamId, input.datasetId);
  const lines = await linesOf(input.csv);
  const resolve = await resolver(app, dataset, lines);
  const errors: Answer['errors'] = [];
  const note = (line: number, text: Text) => {
    if (errors.length < errorsNamed) errors.push({ line, message: text[lang] });
  };
  const questions: NewQuestion[] = [];
  for (const line of lines) {
    const problem = problemOf(line);
    if (problem) {
      note(line.line, problem);
      continue;
    }
    const { expected, unknown } = resolve(line.expected);
    if (unknown === undefined) {
      questions.push({ question: line.question, expected, note: line.note });
      if (line.expected.length === 0) note(line.line, nothingExpected);
    } else {
      note(line.line, {
        en: `"${unknown}" is no data item and no collection of this dataset`,
        zh: `“${unknown}”不是该知识库的数据或集合`,
      });
    }
  }
  const { teamId, memberId } = caller;
  const made = await addQuestions(app, { teamId, memberId, datasetId: dataset.id, source: 'csv' }, questions);
  return { insertLen: made.length, repeat: questions.length - made.length, errors };
}

/** The same from an uploaded file, in whatever encoding it is. */
export async function importQuestionFile(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: { datasetId: string; path: string },
  lang: Lang,
): Promise<Answer> {
  authorize(caller, 'dataset:write');
  const csv = decodeText(await readFile(input.path)).text;
  return await importQuestions(app, caller, { datasetId: input.datasetId, csv }, lang);
}

const noHeader: Text = {
  en: 'csv: the first line must name the columns: question,expected,note (note may be missing)',
  zh: 'csv：首行须为列名：question,expected,note（note 可省略）',
};
const nothingExpected: Text = {
  en: 'saved, but nothing is expected: evaluations leave the question out until something is',
  zh: '已保存，但没有 expected：补充之前评测不会使用该问题',
};

function problemOf({ question, note }: Line): Text | undefined {
  if (question === '') return { en: 'there is no question', zh: '缺少问题' };
  if (question.length > longestQuestion || note.length > longestNote) {
    return { en: 'the text is too long', zh: '文本过长' };
  }
  return undefined;
}

async function linesOf(csv: string): Promise<Line[]> {
  const pieces = function* () {
    for (let at = 0; at < csv.length; at += pieceLength) yield csv.slice(at, at + pieceLength);
  };
  const records = Readable.from(pieces()).pipe(
    parse({ bom: true, info: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true }),
  );
  const lines: Line[] = [];
  let columns: Record<keyof typeof names, number> | undefined;
  try {
    for await (const { record, info } of records as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      if (!columns) {
        columns = columnsOf(record);
        if (!columns) throw fail('validation', { params: { details: noHeader }, param: 'csv' });
        continue;
      }
      if (lines.length > 2 * mostQuestions) break;
      const places = columns;
      const at = (column: keyof typeof names) => record[places[column]]?.trim() ?? '';
      lines.push({
        line: info.lines,
        question: at('question'),
        expected: at('expected')
          .split(/[;；\n]/)
          .map((part) => part.trim())
          .filter(Boolean),
        note: at('note'),
      });
    }
  } catch (error) {
    if (!/^CSV_/.test((error as { code?: string }).code ?? '')) throw error;
    const details = { en: `csv: ${(error as Error).message}`, zh: `csv：${(error as Error).message}` };
    throw fail('validation', { params: { details }, param: 'csv' });
  }
  return lines;
}

/** Where the columns are, if a record names them. */
function columnsOf(header: string[]): Record<keyof typeof names, number> | undefined {
  const found = header.map((cell) => cell.trim().toLowerCase());
  const place = (column: keyof typeof names) => found.findIndex((cell) => names[column].includes(cell));
  const question = place('question');
  return question < 0 ? undefined : { question, expected: place('expected'), note: place('note') };
}

const isId = (text: string) => /^[0-9a-f]{24}$/i.test(text);

/** Finds out what the words of the column `expected` mean: ids, or names of collections that only one has. */
async function resolver(
  { store }: Pick<App, 'store'>,
  dataset: DatasetRow,
  lines: Line[],
): Promise<(words: string[]) => { expected: Expected; unknown?: string }> {
  const words = [...new Set(lines.flatMap(({ expected }) => expected))];
  const ids = words.filter(isId).map((word) => word.toLowerCase());
  const data = await dataOf(store.db, dataset, ids);
  const collections = await namesOfCollections(store.db, dataset, ids);
  const byName = new Map<string, string | null>();
  if (words.some((word) => !isId(word))) {
    const rows = await store.db
      .selectFrom('collections')
      .select(['id', 'name'])
      .where('teamId', '=', dataset.teamId)
      .where('datasetId', '=', dataset.id)
      .where('type', '!=', 'folder')
      .where('deletedTime', 'is', null)
      .execute();
    for (const { id, name } of rows) byName.set(name, byName.has(name) ? null : id);
  }
  return (given) => {
    const expected: Expected = { dataIds: [], collectionIds: [] };
    for (const word of given) {
      const id = word.toLowerCase();
      const named = byName.get(word);
      if (data.has(id)) expected.dataIds.push(id);
      else if (collections.has(id)) expected.collectionIds.push(id);
      else if (named) expected.collectionIds.push(named);
      else return { expected, unknown: word };
    }
    return { expected };
  };
}
