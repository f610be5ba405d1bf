import { answersKind, kindOf } from './question-kind.ts';
import { splitSentences } from './sentences.ts';
import { termsOf } from './terms.ts';

/** A sentence that answers, and the passage it comes from. */
export interface Candidate {
  text: string;
  /** Number of the passage, from 0 = best found. */
  passage: number;
  position: number;
  score: number;
}

/**
 * The sentences of the passages that best answer the question, best first. A rare term of the question that occurs
 * counts more than a common one; sentences near it, from passages found first, and holding what is asked for
 * (a name, a date, a number) win.
 */
export function rankSentences(question: string, passages: string[], most: number): Candidate[] {
  const asked = [...new Set(termsOf(question, true))];
  const kind = kindOf(question);
  const split = passages.map((text) =>
    splitSentences(text).map((s) => ({ ...s, terms: new Set(termsOf(s.text)) })),
  );
  const all = split.flat();
  const idf = new Map(
    asked.map((term) => {
      const having = all.reduce((n, s) => n + (s.terms.has(term) ? 1 : 0), 0);
      return [term, Math.log(1 + (all.length - having + 0.5) / (having + 0.5))];
    }),
  );
  const possible = asked.reduce((sum, term) => sum + (idf.get(term) ?? 0), 0) || 1;
  const overlap = (terms: Set<string>) =>
    asked.reduce((sum, t) => sum + (terms.has(t) ? (idf.get(t) ?? 0) : 0), 0) / possible;

  const candidates = split.flatMap((sentences, passage) => {
    const own = sentences.map((s) => overlap(s.terms));
    const whole = overlap(new Set(sentences.flatMap((s) => [...s.terms])));
    return sentences.map((s, i): Candidate => {
      const beside = Math.max(own[i - 1] ?? 0, (own[i + 1] ?? 0) * 0.7);
      const length = s.text.length;
      const size = length < 12 ? -0.15 : length > 300 ? -0.05 : 0;
      const score =
        (own[i] ?? 0) +
        0.25 * beside +
        0.6 * whole +
        0.12 / (1 + passage) +
        0.03 / (1 + s.position) +
        (answersKind(kind, s.text) ? 0.15 : 0) +
        size;
      return { text: s.text, passage, position: s.position, score };
    });
  });
  candidates.sort((a, b) => b.score - a.score || a.passage - b.passage || a.position - b.position);
  return distinct(candidates, most);
}

/** Leaves out what another passage says in the same words. */
function distinct(candidates: Candidate[], most: number): Candidate[] {
  const out: Candidate[] = [];
  for (const candidate of candidates) {
    if (out.length === most) break;
    const said = out.some((o) => o.text.includes(candidate.text) || candidate.text.includes(o.text));
    if (!said) out.push(candidate);
  }
  return out;
}
