import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Jieba } from '@node-rs/jieba';
import { Converter } from 'opencc-js/t2cn';
import type { ChineseTools } from '../terms.ts';

/** Loads the dictionary and the character tables: about 150 ms and 55 MB, once in the search worker. */
export function loadChineseTools(): ChineseTools {
  // Read here rather than through the package's own module, which would keep the 5 MB file in memory for ever.
  const dictionary = readFileSync(createRequire(import.meta.url).resolve('@node-rs/jieba/dict.txt'));
  const jieba = Jieba.withDict(dictionary);
  const simplify = Converter({ from: 't', to: 'cn' });
  return { simplify, cutForSearch: (text) => jieba.cutForSearch(text, true) };
}
