import { describe, expect, it } from 'vitest';
import { markOf } from '../../../kernel/positions.ts';
import { headingPrompt, insertHeadings, readHeadings } from './heading-text.ts';
import { hasHeadings, piecesOf, textLines } from './text-lines.ts';

const structured = (markdown: string, answer: string, deepest = 5) =>
  insertHeadings(
    markdown,
    piecesOf(textLines(markdown)),
    (piece) => readHeadings(piece, { text: answer, cutOff: false }),
    deepest,
  );

const text = 'Tea\n\nTea came by ship.\nIt was dear.\n\nLater it was cheap.';

describe('headings', () => {
  it('stand before the lines that a model named, and mark a line that is one already', () => {
    expect(structured(text, '1|1|Tea\n2|2|How it came\n4|3|Later times')).toBe(
      '# Tea\n\n## How it came\n\nTea came by ship.\nIt was dear.\n\n### Later times\n\nLater it was cheap.',
    );
    expect(structured('1. Ships:\n- Ships', '1|2|Ships\n2|2|Ships')).toBe(
      '## 1. Ships:\n## Ships\n\n- Ships',
    );
  });

  it('are read in another order, with signs around them and full-width bars; the first for a line counts', () => {
    expect(structured(text, 'Here you are:\n- 4 ｜ 2 ｜ **## 后来**\n2|2|First\n2|2|Second\n')).toBe(
      'Tea\n\n## First\n\nTea came by ship.\nIt was dear.\n\n## 后来\n\nLater it was cheap.',
    );
  });

  it.each([
    ['nothing', ''],
    ['prose', 'I would divide this text into 3 parts: 1, 2 and 3.'],
    ['lines that are not there', '0|2|Zero\n9|2|Nine\n99999|2|Far\n-1|2|Before'],
    ['levels that are none', '1|0|Zero\n1|7|Seven\n1|x|What'],
    ['titles without a word', '1|2|###\n2|2|…\n3|2|'],
    ['the text itself', text],
    ['JSON', '{"headings":[{"line":1,"title":"Tea"}]}'],
  ])('are none when the answer is %s', (_, answer) => {
    expect(structured(text, answer)).toBe(text);
  });

  it('carry nothing that is taken for more than words', () => {
    const title = '![x](picture:aaaaaaaaaaaaaaaaaaaaaaaa) \uE000p9\uE001 <script> `|a';
    const [, heading = ''] = structured(text, `2|2|${title}`).split('\n\n');
    expect(heading).toMatch(/^## /);
    expect(heading).not.toMatch(/[[\]<>`|\uE000\uE001]/);
    const long = structured(text, `2|2|${'word '.repeat(300)}`).split('\n')[2];
    expect(long?.length).toBeLessThanOrEqual(123);
  });

  it('begin on the page of what stands under them, and no deeper than the splitter looks', () => {
    const marked = `One.\n\n${markOf({ page: 2 })}Two.`;
    expect(structured(marked, '2|3|Next', 2)).toBe(
      `One.\n\n## ${markOf({ page: 2 })}Next\n\n${markOf({ page: 2 })}Two.`,
    );
    expect(structured('a\nb', '2|1|T')).toBe('a\n## T\n\nb');
  });

  it('divide no code, no table and no heading', () => {
    const odd = '# Head\n```\ncode\n\nmore\n```\nText\n| a | b |\n| - | - |\n| c | d |\nEnd';
    const lines = textLines(odd);
    expect(lines.map(({ shown }) => shown)).toEqual(['# Head', 'Text', '| a | b |', 'End']);
    expect(structured(odd, '1|2|No\n3|2|Table\n4|2|Last')).toBe(
      '# Head\n```\ncode\n\nmore\n```\nText\n## Table\n\n| a | b |\n| - | - |\n| c | d |\n## Last\n\nEnd',
    );
  });

  it('leave out the half line of a model that had no room left', () => {
    const [piece] = piecesOf(textLines(text));
    expect(piece && readHeadings(piece, { text: '1|1|Tea\n2|2|How it c', cutOff: true })).toEqual([
      [1, 1, 'Tea'],
    ]);
  });
});

describe('a long text', () => {
  it('is asked about in pieces of bounded size, each line once, whatever its lines are', () => {
    const lines = Array.from({ length: 400 }, (_, i) => `Line ${i} ${'x'.repeat((i % 7) * 200)}`);
    const markdown = [...lines, `${'y'.repeat(1_000_000)}`].join('\n');
    const pieces = piecesOf(textLines(markdown));
    expect(pieces.length).toBeGreaterThan(5);
    for (const piece of pieces) expect(headingPrompt(piece).length).toBeLessThan(8_000);
    expect(pieces.flatMap((piece) => piece.lines.map(({ at }) => at))).toEqual(
      Array.from({ length: 401 }, (_, i) => i),
    );
    expect(piecesOf(textLines(markdown))).toEqual(pieces);
    const withHeadings = insertHeadings(markdown, pieces, () => [[2, 2, 'New']], 5);
    expect(withHeadings.replaceAll('## New\n\n', '')).toBe(markdown);
  });

  it('has headings to speak of from two on, and one in 20,000 characters', () => {
    const has = (markdown: string) => hasHeadings(textLines(markdown), markdown.length);
    expect(has('# Title\n\ntext')).toBe(false);
    expect(has('# Title\n\ntext\n\n## Part\n\ntext')).toBe(true);
    expect(has('```\n# no\n# no\n```\ntext')).toBe(false);
    expect(has(`# Title\n\n## Part\n\n${'text '.repeat(10_000)}`)).toBe(false);
  });
});
