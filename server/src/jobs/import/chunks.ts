import { createHash } from 'node:crypto';
import { fail } from '../../kernel/errors.ts';
import { withoutMarks } from '../../kernel/positions.ts';
import type { Chunk, ChunkSettings, DocumentParser } from '../../retrieval/ports.ts';
import type { CollectionRow } from '../../store/schema.ts';
import type { NewItem } from '../items.ts';

/** The columns that remember which text a collection was made of. */
export function rawTextOf(markdown: string): { hash: string; rawTextLength: number } {
  const text = withoutMarks(markdown);
  return { hash: createHash('sha256').update(text).digest('hex'), rawTextLength: text.length };
}

/** Splits a text; noTextFound when nothing is left of it. */
export async function chunkText(
  parser: DocumentParser,
  markdown: string,
  settings: ChunkSettings,
  name: string,
  options: { signal: AbortSignal; background?: boolean },
): Promise<Chunk[]> {
  const chunks = markdown.trim() === '' ? [] : await parser.chunk(markdown, settings, options);
  const filled = chunks.filter((chunk) => chunk.text.trim() !== '');
  if (filled.length === 0) throw fail('noTextFound', { params: { name } });
  return filled;
}

/** The data item of a chunk; the same chunk of the same collection always gets the same id. */
export function itemOf(
  collection: Pick<CollectionRow, 'id' | 'createTime'>,
  chunk: Chunk,
  chunkIndex: number,
): NewItem {
  const digest = createHash('sha256').update(`${collection.id}:${chunkIndex}`).digest('hex');
  // Begins like every id, with seconds, though of the collection.
  const id = collection.id.slice(0, 8) + digest.slice(0, 16);
  const { text: q, headings, position, tokens } = chunk;
  return { id, q, a: '', chunkIndex, headings, position, tokens, indexes: [] };
}
