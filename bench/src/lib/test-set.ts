import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Passage {
  _id: string;
  title: string;
  text: string;
}

export interface Query {
  _id: string;
  text: string;
  answers?: string[];
}

/** Passages, questions about them, and which passage is worth what for which question. */
export interface TestSet {
  corpus: Passage[];
  queries: Query[];
  /** Worth of a passage for a query: query id, then passage id. */
  relevant: Map<string, Map<string, number>>;
}

/**
 * Reads a folder with corpus.jsonl (_id, title, text), queries.jsonl (_id, text, answers?) and qrels.tsv (query-id,
 * corpus-id, score).
 */
export function readSet(directory: string): TestSet {
  const lines = (name: string): string[] =>
    readFileSync(join(directory, name), 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '');
  const relevant: TestSet['relevant'] = new Map();
  for (const line of lines('qrels.tsv').slice(1)) {
    const [query = '', passage = '', worth] = line.split('\t');
    const known = relevant.get(query) ?? new Map<string, number>();
    relevant.set(query, known.set(passage, Number(worth)));
  }
  return {
    corpus: lines('corpus.jsonl').map((line) => JSON.parse(line) as Passage),
    queries: lines('queries.jsonl').map((line) => JSON.parse(line) as Query),
    relevant,
  };
}
