import { isCovered } from './coverage.ts';
import { definitionStrength } from './definition.ts';
import { type Intent, intentOf } from './intent.ts';
import { answersKind, kindOf } from './question-kind.ts';
import { type Sentence, splitSentences } from './sentences.ts';
import { isChinese, isLight, termsOf } from './terms.ts';

/** A sentence that answers, and the passage it comes from. */
export interface Candidate extends Sentence {
  /** Number of the passage, from 0 = best found. */
  passage: number;
  score: number;
}

/** A sentence with less than this share of the best one's score would only be noise behind it. */
const worthQuoting = 0.6;

/**
 * What a passage in another language than the question loses while there are passages in its own; the second when
 * these say what the term is that is asked for.
 */
const foreignness = { usual: 0.5, defined: 1.5 };

interface Asked extends Intent {
  question: string;
  terms: string[];
  /** The letters of the question, for finding it again where a text repeats it. */
  letters: string;
  chinese: boolean;
}

type Analysed = Sentence & { terms: Set<string> };

/**
 * The sentences of the passages that best answer the question, best first; none when the passages do not speak of
 * what is asked. A rare term of the question that occurs counts more than a common one; sentences near it, from
 * passages found first, in the language of the question, and holding what is asked for (a meaning, a name, a date,
 * a number) win. Code is quoted when it is asked for, or when nothing else shares a word with the question.
 */
export function rankSentences(question: string, passages: string[], most: number): Candidate[] {
  if (!isCovered(question, passages)) return [];
  const asked: Asked = {
    ...intentOf(question),
    question,
    terms: [...new Set(termsOf(question, true))],
    letters: lettersOf(question),
    chinese: isChinese(question),
  };
  const split = passages.map((text) =>
    splitSentences(text).map((s): Analysed => ({ ...s, terms: new Set(termsOf(s.text)) })),
  );
  const overlap = overlapWith(asked, split.flat());
  const strange = foreign(asked, split);
  const all = split.flatMap((sentences, passage) =>
    score(asked, sentences, overlap).map(({ points, ...sentence }) => ({
      ...sentence,
      passage,
      score: points + 0.12 / (1 + passage),
    })),
  );
  const defined = all.some((s) => s.defines >= 0.7 && !strange[s.passage]);
  const loss = defined ? foreignness.defined : foreignness.usual;
  for (const s of all) if (strange[s.passage]) s.score -= loss;
  const prose = all.filter((s) => s.kind !== 'code');
  const candidates = asked.code || !prose.some((s) => s.own > 0) ? all : prose;
  candidates.sort((a, b) => b.score - a.score || a.passage - b.passage || a.position - b.position);
  return distinct(candidates, most);
}

/** The share of the question that a set of terms holds, 0 to 1, by how rare the terms are in these passages. */
function overlapWith(asked: Asked, sentences: Analysed[]): (terms: Set<string>) => number {
  const weights = new Map(
    asked.terms.map((term) => {
      const having = sentences.reduce((n, s) => n + (s.terms.has(term) ? 1 : 0), 0);
      const idf = Math.log(1 + (sentences.length - having + 0.5) / (having + 0.5));
      return [term, isLight(term) ? idf * 0.4 : idf];
    }),
  );
  const weigh = (terms: Iterable<string>) => [...terms].reduce((sum, t) => sum + (weights.get(t) ?? 0), 0);
  const possible = weigh(asked.terms) || 1;
  return (terms) => weigh(asked.terms.filter((t) => terms.has(t))) / possible;
}

/** Scores the sentences of one passage by themselves and by what stands beside them. */
function score(asked: Asked, sentences: Analysed[], overlap: (terms: Set<string>) => number) {
  const kind = kindOf(asked.question);
  const own = sentences.map((s) => overlap(s.terms));
  const near = sentences.map((s, i) => (s.kind === 'code' ? 0 : (own[i] ?? 0)));
  const whole = overlap(new Set(sentences.flatMap((s) => (s.kind === 'code' ? [] : [...s.terms]))));
  return sentences.flatMap((s, i) => {
    if (repeats(asked, s)) return [];
    const before = sentences[i - 1];
    const beside = Math.max(near[i - 1] ?? 0, (near[i + 1] ?? 0) * 0.7);
    const follow = wanted(asked, s.follow);
    const announced = follow ? overlap(new Set([...s.terms, ...termsOf(follow.text)])) : 0;
    const strength = Math.max(own[i] ?? 0, 0.8 * announced);
    const defines = asked.term === undefined ? 0 : definitionStrength(asked.term, s);
    const points =
      strength +
      0.25 * beside +
      0.6 * whole +
      (s.opens ? 0.5 : 0.2) * overlap(new Set(termsOf(s.heading))) +
      0.03 / (1 + s.position) +
      (answersKind(kind, s.text) ? 0.15 : 0) +
      0.8 * defines +
      (answersRepeated(asked, s, before) ? 1.2 : 0) +
      announcing(asked, follow, announced) -
      blemishes(s, follow !== undefined);
    const { terms: _, follow: unused, ...sentence } = s;
    return [{ ...sentence, ...(follow && { follow }), own: own[i] ?? 0, defines, points }];
  });
}

/** What a sentence announces, if it is to be quoted with it: code only where the question is for it. */
function wanted(asked: Asked, follow: Sentence['follow']): Sentence['follow'] {
  if (!follow || follow.kind === 'list') return follow;
  return (asked.howTo || asked.code) && !lettersOf(follow.text).includes(asked.letters) ? follow : undefined;
}

/** What code or a list behind a sentence adds to it: a short command is what one who asks for the way looks for. */
function announcing(asked: Asked, follow: Sentence['follow'], overlap: number): number {
  if (!follow || overlap === 0 || !(asked.howTo || asked.code)) return 0;
  if (follow.kind === 'list') return 0.3 * overlap;
  return 0.4 * overlap + (follow.text.split('\n').length <= 3 ? 0.2 : 0);
}

/** What makes a sentence a poor quote whatever it speaks of. */
function blemishes({ text, kind }: Sentence, announces: boolean): number {
  const length = text.length < 12 ? 0.15 : text.length > 300 ? 0.05 : 0;
  const hanging = /[:：]$/.test(text) && !announces ? 0.3 : 0;
  return length + hanging + (/[?？]$/.test(text) ? 0.2 : 0) + (kind === 'link' ? 0.3 : 0);
}

/** Whether a sentence is the question once more, or code that has it as an example. */
function repeats(asked: Asked, { text, kind }: Sentence): boolean {
  if (asked.letters.length < 4) return false;
  const letters = lettersOf(text);
  return kind === 'code'
    ? letters.includes(asked.letters)
    : letters === asked.letters && /[?？]\W*$/.test(text);
}

/** Whether a sentence comes right behind the question itself, as in a list of questions and answers. */
function answersRepeated(asked: Asked, sentence: Sentence, before: Sentence | undefined): boolean {
  if (before && before.kind !== 'code' && repeats(asked, before)) return true;
  return sentence.opens && asked.letters !== '' && lettersOf(sentence.heading) === asked.letters;
}

function lettersOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** For each passage whether it is in another language than the question although some are not. */
function foreign(asked: Asked, split: Sentence[][]): boolean[] {
  const other = split.map((sentences) => {
    const prose = sentences.flatMap((s) => (s.kind === 'code' ? [] : [s.text])).join('');
    const han = prose.match(/\p{Script=Han}/gu)?.length ?? 0;
    const latin = prose.match(/\p{Script=Latin}/gu)?.length ?? 0;
    // A Chinese character says about as much as three letters, and Chinese texts hold many English names.
    return asked.chinese !== han * 3 > latin;
  });
  return other.every(Boolean) ? other.map(() => false) : other;
}

/** Leaves out what another passage says in the same words. */
function distinct(candidates: Candidate[], most: number): Candidate[] {
  const out: (Candidate & { letters: string })[] = [];
  for (const candidate of candidates) {
    if (out.length === most || candidate.score < worthQuoting * (out[0]?.score ?? 0)) break;
    const letters = lettersOf(candidate.text);
    const said = out.some(
      (o) =>
        o.letters.includes(letters) || letters.includes(o.letters) || o.follow?.text.includes(candidate.text),
    );
    if (!said) out.push({ ...candidate, letters });
  }
  return out;
}
