import type { Sentence } from './sentences.ts';

const verbs =
  /^(?:is|are|was|were|means?|refers? to|stands? for|holds?|contains?|consists? of|describes?|denotes?)\b/i;
const hanVerbs = /^(?:是|指|即|由|为|包括|包含|用于|用来|表示|负责|通常是|就是|[，,]\s*(?:是|指|即))/u;

/**
 * How much a sentence says what `term` is, from 0 to 1: "A dataset is …", "知识库由…组成", the row of a glossary,
 * the first sentence under a heading of that name.
 */
export function definitionStrength(term: string, sentence: Sentence): number {
  const name = normal(term);
  if (name === '') return 0;
  if (sentence.cells) return sentence.cells.slice(0, 2).some((cell) => normal(cell) === name) ? 1 : 0;
  const begins = startStrength(name, sentence.text);
  const opens = sentence.opens && normal(sentence.heading) === name ? 0.9 : 0;
  return Math.max(begins, opens);
}

function startStrength(name: string, sentence: string): number {
  const text = sentence
    .normalize('NFKC')
    .toLowerCase()
    .replace(/["'“”「」`*]/g, '')
    .trim();
  const begin = text.replace(/^(?:an?|the|each|every|一个|每个|所谓)\s*(?=[\p{L}\p{N}])/u, '');
  for (const subject of [begin, text]) {
    const rest = afterName(name, subject);
    if (rest === undefined) continue;
    const next = rest.replace(/^\s*\([^)]*\)/, '').trimStart();
    if (verbs.test(next) || hanVerbs.test(next) || /^[:：—–]/.test(next)) return 1;
    // "Lectern answers questions …": the term is the subject of whatever is said.
    if (/^\s\p{Ll}+s\s/u.test(rest)) return 0.7;
    if (/^\s+\p{Script=Latin}/u.test(rest)) return 0.3;
  }
  return 0;
}

/** What follows the name, in singular or plural, at the beginning of a text; nothing when the text begins otherwise. */
function afterName(name: string, text: string): string | undefined {
  if (!text.startsWith(name)) return undefined;
  const rest = text.slice(name.length);
  if (!/^[a-z]/.test(rest) || !/[a-z]$/.test(name)) return rest;
  const plural = /^(?:s|es)(?![a-z])/.exec(rest);
  return plural ? rest.slice(plural[0].length) : undefined;
}

/** For comparing names: case, quotes, articles and the plural of the last word do not count. */
function normal(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/["'“”「」`*?？]/g, '')
    .trim()
    .replace(/^(?:an?|the)\s+/, '')
    .replace(/(?<=[a-z]{3})(?<!s)s$/, '');
}
