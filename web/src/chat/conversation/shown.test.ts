import { describe, expect, test } from 'vitest';
import { emptyAnswer } from './answer.ts';
import { type Message, messageOf } from './messages.ts';
import { shownOf } from './shown.ts';
import type { Question } from './source.ts';
import type { Live } from './use-live-answer.ts';

const message = (dataId: string): Message =>
  messageOf({ dataId, obj: dataId.startsWith('q') ? 'Human' : 'AI', value: [] } as never);
const talk = ['q1', 'a1', 'q2', 'a2'].map(message);
const liveOf = (question: Partial<Question> | undefined, phase: Live['phase'] = 'writing'): Live => ({
  question: question && {
    ...{ text: 'New?', files: [], variables: {}, answerId: 'a3', replaceFrom: undefined, after: 'a2' },
    ...question,
  },
  answer: emptyAnswer,
  phase,
});
const ids = (...given: Parameters<typeof shownOf>) => shownOf(...given).messages.map(({ id }) => id);

describe('what a conversation shows while a question is under way', () => {
  test('a new question stands once, also when the server tells of it already', () => {
    expect(ids(talk, liveOf({}))).toEqual(['q1', 'a1', 'q2', 'a2']);
    expect(ids([...talk, message('q3')], liveOf({}))).toEqual(['q1', 'a1', 'q2', 'a2']);
    expect(ids([message('q3')], liveOf({ after: undefined }))).toEqual([]);
  });

  test('a changed question hides what it takes the place of, until it is refused', () => {
    const changed = { replaceFrom: 'q2', after: 'a1' };
    expect(ids(talk, liveOf(changed, 'asking'))).toEqual(['q1', 'a1']);
    expect(ids(talk, liveOf({ replaceFrom: 'q1', after: undefined }))).toEqual([]);
    expect(ids(talk, liveOf(changed, 'failed'))).toEqual(['q1', 'a1', 'q2', 'a2']);
  });

  test('the stored answer takes the place of what was being written', () => {
    const stored = [...talk, message('q3'), message('a3')];
    expect(shownOf(stored, liveOf({}))).toEqual({ messages: stored, live: undefined });
  });

  test('an answer that was asked for elsewhere stands behind everything', () => {
    const live = liveOf(undefined);
    expect(shownOf(talk, live)).toEqual({ messages: talk, live });
  });
});
