import { describe, expect, it } from 'vitest';
import { createCiteStripper, stripCites } from './cite.ts';

const id = '0123456789abcdef01234567';
const mark = `[${id}](CITE)`;

function streamed(text: string, size: number): string {
  const stripper = createCiteStripper();
  let out = '';
  for (let at = 0; at < text.length; at += size) out += stripper.push(text.slice(at, at + size));
  return out + stripper.end();
}

describe('citation marks', () => {
  const cases: Record<string, [string, string]> = {
    'a text without marks stays': ['two years', 'two years'],
    'a mark goes': [`two years${mark}.`, 'two years.'],
    'marks beside each other go': [`a${mark}${mark}b`, 'ab'],
    'a mark at the very end goes': [`a${mark}`, 'a'],
    'links and lists stay': ['see [1](https://x.y) and [a]', 'see [1](https://x.y) and [a]'],
    'one blank before a mark goes with it': [
      `two years. ${mark}\n\nMore ${mark} text`,
      'two years.\n\nMore text',
    ],
    'marks set apart by blanks go': [`a ${mark} ${mark}.`, 'a.'],
    'of two blanks before a mark one stays': [`a  ${mark}`, 'a '],
    'a blank at the end stays': ['two ', 'two '],
    'a short id stays': ['[0123](CITE)', '[0123](CITE)'],
    'an unfinished mark stays': [`a[${id}](CIT`, `a[${id}](CIT`],
    'a bracket inside brackets does not hide a mark': [`[[${mark}`, '[['],
    'an upper case id goes': [`x[${id.toUpperCase()}](CITE)y`, 'xy'],
  };
  for (const [name, [text, expected]] of Object.entries(cases)) {
    it(`${name}, whole and in pieces of every size`, () => {
      expect(stripCites(text)).toBe(expected);
      for (let size = 1; size <= 40; size++) expect(streamed(text, size), `size ${size}`).toBe(expected);
    });
  }

  it('shows a piece at once when nothing can be a mark', () => {
    const stripper = createCiteStripper();
    expect(stripper.push('plain')).toBe('plain');
    expect(stripper.push(' [x')).toBe(' [x');
    expect(stripper.push('[0a')).toBe('');
    expect(stripper.push(' b')).toBe('[0a b');
  });
});
