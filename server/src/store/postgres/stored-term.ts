import { createHash } from 'node:crypto';

/** Characters; a key of an index on Postgres has at most some 2,700 bytes. */
const longest = 200;

/** A term as the index holds it: what is longer than any word stands there by its hash. */
export function storedTerm(term: string): string {
  return term.length <= longest ? term : `#${createHash('sha256').update(term).digest('hex')}`;
}
