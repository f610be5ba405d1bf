import { z } from 'zod';
import type { NewIndex } from './add-indexes.ts';

const mostQuestions = 5;
const longestIndex = 2_000;

/** Asks for texts under which a passage is found. */
export function indexPrompt(title: string, text: string): string {
  return `People search for a passage in words that it does not use itself. Write texts under which it is found:
- "summary": what the passage says, in one to three sentences that can be understood by themselves.
- "questions": up to ${mostQuestions} questions that the passage answers, each as somebody would ask it who has not read it.
Write in the language of the passage. Answer with one JSON object and nothing else:
{"summary": "…", "questions": ["…", "…"]}

<Title>
${title}
</Title>
<Passage>
${text}
</Passage>`;
}

const answer = z.object({
  summary: z.string().optional().catch(undefined),
  questions: z.array(z.unknown()).optional().catch(undefined),
});

/** The indexes in an answer: JSON however it is wrapped, or lines that say what they are. Empty = none was found. */
export function readIndexes(text: string): NewIndex[] {
  const { summary = '', questions = [] } = readJson(text) ?? readLines(text);
  const asked = questions.filter((one): one is string => typeof one === 'string').map(tidy);
  return [
    { type: 'summary' as const, text: tidy(summary) },
    ...[...new Set(asked)].slice(0, mostQuestions).map((one) => ({ type: 'question' as const, text: one })),
  ].filter((index) => index.text !== '');
}

const tidy = (text: string) => text.trim().slice(0, longestIndex);

function readJson(text: string): z.output<typeof answer> | undefined {
  const start = text.indexOf('{');
  const end = text.lastIndexOf('}');
  if (start < 0 || end < start) return undefined;
  try {
    const { success, data } = answer.safeParse(JSON.parse(text.slice(start, end + 1)));
    return success ? data : undefined;
  } catch {
    return undefined;
  }
}

const summaryLine = /^[\s*#_>-]*(?:summary|摘要|总结)[*_]*\s*[:：][*_]*\s*(.+)$/i;
const questionLine =
  /^[\s*#_>-]*(?:(?:q|question|问题)\s*\d{0,3}\s*[:：]|\d{1,3}[.)、]|[-*])\s*(.+[?？])\s*$/i;

function readLines(text: string): z.output<typeof answer> {
  const lines = text.slice(0, 20_000).split('\n');
  const found = (pattern: RegExp) => lines.flatMap((line) => pattern.exec(line.slice(0, 4_000))?.[1] ?? []);
  return { summary: found(summaryLine)[0], questions: found(questionLine) };
}
