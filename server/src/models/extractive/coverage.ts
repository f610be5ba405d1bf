import { isChinese, isLight, termsOf } from './terms.ts';

/**
 * Shares of a question's terms that even a chance passage holds. In 4,000 questions of the development sets with
 * their paragraphs among those found, one in a thousand lies below.
 */
const chance = { latin: 0.25, han: 0.2 };

/**
 * Whether the passages speak of what is asked at all. They do not when the one that comes closest has no more of the
 * question's words than chance gives, or when all lack a name in it. A question of common words only is never refused.
 */
export function isCovered(question: string, passages: string[]): boolean {
  const about = [...new Set(termsOf(question, true))].filter((term) => !isLight(term));
  if (about.length === 0) return true;
  const found = passages.map((passage) => wordsOf(passage));
  const most = Math.max(0, ...found.map((words) => about.filter((term) => occurs(term, words)).length));
  if (most / about.length <= (isChinese(question) ? chance.han : chance.latin)) return false;
  return namesIn(question).every((name) =>
    found.some(
      (words) => words.text.includes(name.toLowerCase()) || termsOf(name).some((t) => occurs(t, words)),
    ),
  );
}

interface Words {
  text: string;
  terms: Set<string>;
}

function wordsOf(passage: string): Words {
  const text = passage.normalize('NFKC').toLowerCase();
  return { text, terms: new Set(termsOf(text)) };
}

/** Also finds a word inside a longer one, and another form of the same word (America, American). */
function occurs(term: string, { text, terms }: Words): boolean {
  if (terms.has(term)) return true;
  if (/^\p{Script=Han}/u.test(term) || text.includes(term)) return text.includes(term);
  if (term.length < 4) return false;
  const begin = term.slice(0, Math.max(4, Math.ceil(term.length * 0.7)));
  for (const word of terms) if (word.startsWith(begin)) return true;
  return false;
}

/**
 * Names without which the question is another one: words with a capital inside or a digit beside letters
 * (PostgreSQL, S3), and Latin words of a Chinese question.
 */
function namesIn(question: string): string[] {
  const plain = question.normalize('NFKC');
  const words = plain.match(/[\p{Script=Latin}\p{N}]+(?:[-_.][\p{Script=Latin}\p{N}]+)*/gu) ?? [];
  const isName = /\p{Script=Han}/u.test(plain)
    ? (word: string) => /^\p{L}.{2,}/u.test(word)
    : (word: string) => /\p{Ll}\p{Lu}/u.test(word) || /^(?=.*\p{Lu})(?=.*\d)/u.test(word);
  return words.filter(isName);
}
