import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

type Texts = { [key: string]: string | Texts };

const folder = (lang: string) => join(import.meta.dirname, lang);
const read = (lang: string, file: string): Texts =>
  JSON.parse(readFileSync(join(folder(lang), file), 'utf8')) as Texts;

/** Every text by its full key; plural forms count once, for Chinese has one and English two. */
function textsOf(texts: Texts, prefix = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === 'string') all.set(`${prefix}${key}`.replace(/_(one|other)$/, ''), value);
    else for (const [name, text] of textsOf(value, `${prefix}${key}.`)) all.set(name, text);
  }
  return all;
}

/** Every text by its key, with the plural forms as they stand. */
function allKeys(texts: Texts, prefix = ''): (readonly [string, string])[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${prefix}${key}`, value] as const] : allKeys(value, `${prefix}${key}.`),
  );
}

const others: Record<string, string> = { _one: '_other', _other: '_one' };
const placeholders = (text: string) => [...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1]).sort();
/** A tag that a translation wraps around a part, or that stands for one. */
const wrapped = (text: string) => [...text.matchAll(/<(\w+) ?\/?>/g)].map((match) => match[1]).sort();

describe('texts of the console', () => {
  const files = readdirSync(folder('en')).sort();

  test('both languages have the same files', () => {
    expect(readdirSync(folder('zh')).sort()).toEqual(files);
    expect(files.length).toBeGreaterThan(5);
  });

  test.each(files)('%s has every text in both languages, with the same places to fill', (file) => {
    const en = textsOf(read('en', file));
    const zh = textsOf(read('zh', file));
    expect([...zh.keys()].sort()).toEqual([...en.keys()].sort());
    for (const [key, text] of en) {
      const other = zh.get(key) ?? '';
      expect(other.trim(), `zh ${key} is empty`).not.toBe('');
      // "{{count}} entries" may leave out the number where a language says it otherwise, but never invents a name.
      expect(placeholders(other), `places of ${key}`).toEqual(placeholders(text));
      expect(wrapped(other), `tags of ${key}`).toEqual(wrapped(text));
    }
  });

  test.each(files)('%s says one thing and several differently', (file) => {
    const keys = allKeys(read('en', file));
    const plural = keys.filter(([key]) => /_(one|other)$/.test(key)).map(([key]) => key);
    const half = plural.filter(
      (key) => !plural.includes(key.replace(/_(one|other)$/, (form) => others[form] ?? '')),
    );
    expect(half, 'plural forms without the other').toEqual([]);
    // “1 passages” would be said where a number stands before a word in the plural; limits are more than one.
    const numbers =
      /(?<!(?:[Aa]t (?:most|least)|of|up to|can have) )\{\{(?:amount|count|number|done|total)\}\} (?!was|is|has)[a-z]+[^s\W]s\b/;
    const fixed = keys.filter(([key, text]) => !/_other$/.test(key) && numbers.test(text));
    expect(fixed.map(([key]) => key)).toEqual([]);
  });

  test.each(files)('%s says the Chinese in Chinese', (file) => {
    // Names, codes and units stay as they are; a sentence does not.
    const english = [...textsOf(read('zh', file))].filter(
      ([, text]) => !/\p{Script=Han}/u.test(text) && (text.match(/[a-z]{3,}/gi) ?? []).length > 3,
    );
    expect(english).toEqual([]);
  });
});
