import { describe, expect, it } from 'vitest';
import { splitSentences } from './sentences.ts';
import { readRow, renderRow } from './table.ts';

describe('a table row as text', () => {
  it('says first what its subject means, then the other columns by name', () => {
    const header = ['Word', '中文', 'Meaning', 'Wire'];
    expect(renderRow(['key', '密钥', 'lets a program call', 'apikey'], header)).toBe(
      'key: lets a program call (中文：密钥; Wire: apikey)',
    );
    expect(renderRow(['store', '', 'the database', '–'], header)).toBe('store: the database');
  });

  it('joins two columns by a colon, of the language of the text', () => {
    expect(renderRow(['CHAT_MODEL', 'chat models'], ['Variable', 'Use'])).toBe('CHAT_MODEL: chat models');
    expect(renderRow(['CHAT_MODEL', '对话模型'], ['变量', '含义'])).toBe('CHAT_MODEL：对话模型');
  });

  it('names the columns where none says what the row means', () => {
    expect(renderRow(['Oslo', '30', '4'], ['City', 'Price', 'Days'])).toBe('Oslo – Price: 30; Days: 4');
    expect(renderRow(['Oslo', '30', '4'])).toBe('Oslo: 30; 4');
    expect(renderRow(['', 'only this'])).toBe('only this');
  });

  it('reads a bar that is escaped as part of its cell', () => {
    expect(readRow('| a \\| b | c |')).toEqual(['a | b', 'c']);
  });

  it('leaves out the row of column names and the line below it', () => {
    const rows = splitSentences(
      '| Word | Meaning |\n| --- | :-: |\n| key | opens |\n| `lock` | **closes** |',
    );
    expect(rows.map(({ text }) => text)).toEqual(['key: opens', 'lock: closes']);
  });
});
