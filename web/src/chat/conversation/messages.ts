import type { Answer } from '../../api/client.ts';
import type { Cited } from './answer.ts';

type WireRecord = Answer<'listRecords'>['list'][number];
export type RunFacts = NonNullable<WireRecord['run']>;

/** A file that was sent with a question. */
export interface SentFile {
  type: 'image' | 'file';
  name: string;
  url: string;
}

/** A message of a conversation as it is shown. */
export interface Message {
  /** The `dataId` of the record. */
  id: string;
  role: 'question' | 'answer';
  text: string;
  reasoning: string;
  files: readonly SentFile[];
  quotes: readonly Cited[];
  /** ISO 8601. */
  time: string | undefined;
  seconds: number | undefined;
  run: RunFacts | undefined;
  /** What went wrong, in the words of the server. */
  error: string | undefined;
  /** '' = not rated; "yes" or the reader's own words. */
  good: string;
  bad: string;
}

interface Value {
  type: string;
  text?: { content?: string };
  reasoning?: { content?: string };
  file?: SentFile;
}

/** A stored message; what one answer says in several steps is one text. */
export function messageOf(record: WireRecord): Message {
  const values = record.value as Value[];
  const join = (kind: 'text' | 'reasoning') =>
    values
      .flatMap((value) => (value.type === kind && value[kind]?.content ? [value[kind].content] : []))
      .join('\n\n');
  return {
    id: record.dataId,
    role: record.obj === 'Human' ? 'question' : 'answer',
    text: join('text'),
    reasoning: join('reasoning'),
    files: values.flatMap((value) => (value.type === 'file' && value.file ? [value.file] : [])),
    quotes: ((record.totalQuoteList as Cited[] | undefined) ?? []).filter(({ id }) => typeof id === 'string'),
    time: record.time,
    seconds: record.durationSeconds,
    run: record.run,
    error: record.errorMsg,
    good: record.userGoodFeedback ?? '',
    bad: record.userBadFeedback ?? '',
  };
}

/** The question that an answer answers: the last one before it. */
export function questionBefore(messages: readonly Message[], answer: Message): Message | undefined {
  const at = messages.indexOf(answer);
  return messages.slice(0, at).findLast(({ role }) => role === 'question');
}

/** A question as the server takes it: a text, or parts with the files before it. */
export function questionContent(text: string, files: readonly SentFile[]) {
  if (files.length === 0) return text;
  return [
    ...files.map(({ type, name, url }) =>
      type === 'image' ? { type: 'image_url', name, image_url: { url } } : { type: 'file_url', name, url },
    ),
    { type: 'text', text },
  ];
}

/** A new id for a chat or a message, as long as the server's own. Works without https, too. */
export const newId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
