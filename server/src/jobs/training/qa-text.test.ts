import { expect, it } from 'vitest';
import { readIndexes } from './index-text.ts';
import { qaPrompt, readQaPairs } from './qa-text.ts';

const two = [
  { q: 'Who?', a: 'Mei.' },
  { q: 'When?', a: 'In May.\nOr June: nobody knows.' },
];

it.each([
  ['as asked', 'Q1: Who?\nA1: Mei.\nQ2: When?\nA2: In May.\nOr June: nobody knows.'],
  [
    'with words around',
    'Here you are:\n\nQ1: Who?\nA1: Mei.\n\nQ2: When?\nA2: In May.\nOr June: nobody knows.\n\n',
  ],
  ['in bold', '**Q1:** Who?\n**A1:** Mei.\n\n**Q2:** When?\n**A2:** In May.\nOr June: nobody knows.'],
  ['as headings', '### Q1: Who?\nA1: Mei.\n### Q2: When?\nA2: In May.\nOr June: nobody knows.'],
  ['as a list', '- Q: Who?\n- A: Mei.\n- Q: When?\n- A: In May.\nOr June: nobody knows.'],
  ['in Chinese', '问题1：Who?\n答案1：Mei.\n问题2：When?\n答案2：In May.\nOr June: nobody knows.'],
  [
    'in words',
    'Question 1: Who?\nAnswer 1: Mei.\nQuestion 2: When?\nAnswer 2: In May.\nOr June: nobody knows.',
  ],
  [
    'with ends of lines of another system',
    'Q1: Who?\r\nA1: Mei.\r\nQ2: When?\r\nA2: In May.\r\nOr June: nobody knows.',
  ],
  ['on lines of their own', 'Q1:\nWho?\nA1:\nMei.\nQ2:\nWhen?\nA2:\nIn May.\nOr June: nobody knows.'],
  ['as JSON', `\`\`\`json\n${JSON.stringify(two)}\n\`\`\``],
  ['as JSON with whole words', JSON.stringify(two.map(({ q, a }) => ({ question: q, answer: a })))],
])('reads pairs written %s', (_, text) => {
  expect(readQaPairs(text)).toEqual(two);
});

it('keeps Markdown of answers and leaves out questions without one', () => {
  const table = '| a | b |\n| --- | --- |\n| 1 | 2 |';
  expect(readQaPairs(`Q1: Which?\nA1: These:\n\n${table}\nQ2: And?\nQ3: Why?\nA3:\nA. M. says so.`)).toEqual([
    { q: 'Which?', a: `These:\n\n${table}` },
    { q: 'Why?', a: 'A. M. says so.' },
  ]);
});

it.each(['', 'I cannot do that.', '[1, 2', '[]', 'A1: only an answer', '{"q": 1}'])(
  'finds nothing in %j',
  (text) => {
    expect(readQaPairs(text)).toEqual([]);
  },
);

it('puts instructions of a user in the place of its own, and always says the form', () => {
  expect(qaPrompt('TEXT', 'Ask one question only.')).toMatch(
    /^Ask one question only\.\n[\s\S]*Q1: [\s\S]*TEXT/,
  );
  expect(qaPrompt('TEXT', '  ')).toContain('at most 50 questions');
});

it.each([
  ['{"summary": "S.", "questions": ["Q?", "Q?", 3, ""]}'],
  ['Sure!\n```json\n{"summary": "S.", "questions": ["Q?"]}\n```'],
  ['**Summary:** S.\n\nQuestions:\n1. Q?'],
  ['摘要：S.\n- Q?'],
])('reads indexes from %j', (text) => {
  expect(readIndexes(text)).toEqual([
    { type: 'summary', text: 'S.' },
    { type: 'question', text: 'Q?' },
  ]);
});

it.each(['', 'No.', '{', '{"summary": 1}'])('finds no indexes in %j', (text) => {
  expect(readIndexes(text)).toEqual([]);
});
