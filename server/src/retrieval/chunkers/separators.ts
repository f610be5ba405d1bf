import { RE2JS, RE2JSException } from 're2js';
import { fail } from '../../kernel/errors.ts';
import { createUnmarked, marksIn, withoutMarks } from '../../kernel/positions.ts';

/** Stretches that a text is cut at: what lies between start and end is left out. */
export interface Cut {
  start: number;
  end: number;
}

/** Says where a text, as people read it, is to be cut. */
type Finder = (text: string) => Iterable<Cut>;

/**
 * The parts of a text between its separators, literal ones first. Marks of positions do not keep a separator from being
 * found, and stay with the text around it.
 */
export function partsBetween(
  text: string,
  separators: readonly string[],
  pattern: string | undefined,
): string[] {
  const finders: Finder[] = separators.map((separator) => (part) => literal(part, separator));
  if (pattern !== undefined) finders.push(matchesOf(pattern));
  return finders
    .reduce((parts, find) => parts.flatMap((part) => cutAt(part, find)), [text])
    .map((part) => part.trim())
    .filter((part) => withoutMarks(part) !== '');
}

function cutAt(text: string, find: Finder): string[] {
  const { plain, place } = createUnmarked(text);
  const parts: string[] = [];
  let from = 0;
  let lead = '';
  for (const { start, end } of find(plain)) {
    parts.push(lead + text.slice(from, place(start)));
    from = place(end);
    lead = marksIn(text.slice(place(start), from));
  }
  parts.push(lead + text.slice(from));
  return parts;
}

function* literal(text: string, separator: string): Generator<Cut> {
  for (
    let start = text.indexOf(separator);
    start >= 0;
    start = text.indexOf(separator, start + separator.length)
  ) {
    yield { start, end: start + separator.length };
  }
}

/**
 * The matches of a regular expression in the dialect RE2, which takes time that grows with the text only: no pattern
 * can hang. `^` and `$` are the ends of lines. What the first group of a match holds stays, as the beginning of the
 * part that follows. Fails with validation, naming the field, when the pattern is none.
 */
function matchesOf(pattern: string): Finder {
  const compiled = compile(pattern);
  return function* find(text) {
    const matcher = compiled.matcher(text);
    while (matcher.find()) {
      const kept = compiled.groupCount() > 0 ? matcher.start(1) : -1;
      const start = matcher.start();
      const end = kept >= 0 ? kept : matcher.end();
      if (matcher.end() > start) yield { start, end };
    }
  };
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.MULTILINE);
  } catch (thrown) {
    if (!(thrown instanceof RE2JSException)) throw thrown;
    const said = thrown.message.replace('(?m)', '');
    const details = {
      en: `chunkSplitterRegex is not a regular expression of the dialect RE2: ${said}`,
      zh: `chunkSplitterRegex 不是有效的 RE2 正则表达式：${said}`,
    };
    throw fail('validation', { params: { details }, param: 'chunkSplitterRegex' });
  }
}
