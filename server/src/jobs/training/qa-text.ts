import { z } from 'zod';

/** What a model is told to make of a text when nobody says otherwise. */
export const defaultQaPrompt = `The text between the marks <Context></Context> is material to learn from. Study it and write down what it teaches as questions with their answers:
- Ask what a person who needs this text would ask, and answer each question from the text alone.
- Answers are complete and keep to the words of the text; they may contain links, code, tables and other Markdown.
- Every question can be understood by itself: it names what it is about instead of pointing to "the text".
- Write at most 50 questions, and leave out none of the facts of the text.
- Questions and answers are in the language of the text.`;

/** The instructions for a text; those of the user stand in the place of the default ones. */
export function qaPrompt(text: string, own: string | null | undefined): string {
  return `${own?.trim() || defaultQaPrompt}

Write the result in this form and nothing else:

Q1: question
A1: answer
Q2:
A2:

<Context>
${text}
</Context>`;
}

export interface QaPair {
  q: string;
  a: string;
}

const mark =
  /^[\s>*_#`-]*(?:(q|question|问题|问|提问)|(a|answer|答案|答|回答))[ \t]*(\d{0,4})[ \t]*[*_`]*[ \t]*(?:[:：]|[.)、](?=\s))[*_`]*[ \t]*(.*)$/i;
const pairs = z.array(z.record(z.string(), z.unknown()));

/** The pairs in an answer, however the model wrote its marks; none when there are none. */
export function readQaPairs(text: string): QaPair[] {
  const found = readMarked(text);
  return found.length > 0 ? found : readJson(text);
}

/** Lines after a mark belong to it, until the next; a question without an answer is left out. */
function readMarked(text: string): QaPair[] {
  const found: { q: string[]; a: string[] }[] = [];
  let side: 'q' | 'a' | undefined;
  for (const line of text.replaceAll('\r\n', '\n').split('\n')) {
    const [, asks, answers, , rest = ''] = mark.exec(line.slice(0, 10_000)) ?? [];
    if (asks !== undefined) {
      found.push({ q: [rest], a: [] });
      side = 'q';
    } else if (answers !== undefined && found.length > 0 && side === 'q') {
      found.at(-1)?.a.push(rest);
      side = 'a';
    } else if (side !== undefined) found.at(-1)?.[side].push(line);
  }
  return found
    .map(({ q, a }) => ({ q: q.join('\n').trim(), a: a.join('\n').trim() }))
    .filter(({ q, a }) => q !== '' && a !== '');
}

/** Some models write JSON whatever they are asked for. */
function readJson(text: string): QaPair[] {
  const start = text.indexOf('[');
  const end = text.lastIndexOf(']');
  if (start < 0 || end < start) return [];
  try {
    const list = pairs.safeParse(JSON.parse(text.slice(start, end + 1))).data ?? [];
    return list.flatMap((pair) => {
      const q = pair.q ?? pair.Q ?? pair.question;
      const a = pair.a ?? pair.A ?? pair.answer;
      return typeof q === 'string' && typeof a === 'string' && q.trim() && a.trim()
        ? [{ q: q.trim(), a: a.trim() }]
        : [];
    });
  } catch {
    return [];
  }
}
