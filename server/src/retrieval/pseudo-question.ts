import { sentencesOf } from './chunkers/sentences.ts';

/** Numbers from 0 to 1, the same for the same seed: what was measured can be measured again. */
export function randomFrom(seed: string): () => number {
  let state = 0x9e3779b9;
  for (const character of seed) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x85ebca6b);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const chinese = /[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af]/;
/** Fewer words make no question. */
const leastWords = 4;
/** The share of its words that a question keeps. */
const kept = 0.5;

/**
 * Something like a question that this text answers: one of its sentences with half of its words, in their order.
 * Nothing when no sentence has words enough.
 */
export function pseudoQuestion(text: string, random: () => number): string | undefined {
  const sentences = sentencesOf(text)
    .map(wordsOf)
    .filter((words) => words.length >= 2 * leastWords);
  const words = sentences[Math.floor(random() * sentences.length)];
  if (!words) return undefined;
  const chosen = words.filter(() => random() < kept);
  if (chosen.length < leastWords) return undefined;
  return chosen.join(chinese.test(chosen.join('')) ? '' : ' ');
}

/** Words; where a script sets no blanks, pairs of characters. */
function wordsOf(sentence: string): string[] {
  return sentence
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .flatMap((word) => (chinese.test(word) ? (word.match(/.{1,2}/gu) ?? []) : [word]));
}
