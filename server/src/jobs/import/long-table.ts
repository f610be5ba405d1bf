import { createHash } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fail } from '../../kernel/errors.ts';
import { withoutMarks } from '../../kernel/positions.ts';
import type { Chunk, ChunkSettings, DocumentFile } from '../../retrieval/ports.ts';
import type { CollectionRow } from '../../store/schema.ts';
import type { JobTools } from '../job.ts';
import { itemOf } from './chunks.ts';
import type { ImportDeps, ImportPayload } from './deps.ts';
import { storedFile } from './sources/file.ts';
import { type TablePiece, tablePieces } from './table-pieces.ts';
import { writeItems } from './write-items.ts';

/** From here on a table is read in pieces: whole, it would be held in memory several times. Bytes. */
const longBytes = 16e6;
const pieceBytes = 2e6;

/** Whether the collection is made of a table as text that is too long to be read at once. */
export async function isLongTable(
  deps: Pick<ImportDeps, 'store' | 'blobs'>,
  collection: CollectionRow,
): Promise<boolean> {
  const { type, trainingType, fileId } = collection;
  if (type !== 'file' || trainingType !== 'chunk' || fileId === null) return false;
  const { file, size } = await storedFile(deps, collection);
  if (size < longBytes || !/^\.(csv|tsv|tab)$/i.test(extname(file.name))) return false;
  const handle = await open(file.path);
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    // In UTF-16 a byte says nothing of a character.
    return !['fffe', 'feff'].includes(buffer.toString('hex'));
  } finally {
    await handle.close();
  }
}

/**
 * Imports a long table a piece at a time: while one is stored, the next is read. Every piece has the table's header, and
 * its rows keep the numbers they have in the table. The same table gives the same items, so it can be run again.
 */
export async function importLongTable(
  deps: ImportDeps,
  collection: CollectionRow,
  settings: ChunkSettings,
  tools: JobTools & Pick<ImportPayload, 'keyId'>,
  pieceSize = pieceBytes,
): Promise<void> {
  const { file, size } = await storedFile(deps, collection);
  const folder = await mkdtemp(join(deps.tempDir, 'table-'));
  const hash = createHash('sha256');
  let length = 0;
  let written = 0;
  tools.progress({ stage: 'parse', percent: 1, counts: { written } });
  const pieces = tablePieces(file.path, join(folder, 'piece'), pieceSize);
  const read = async (): Promise<{ chunks: Chunk[]; end: number } | undefined> => {
    const { value: piece } = await pieces.next();
    if (!piece) return undefined;
    const { markdown, chunks } = await readPiece(deps, file, piece, settings, tools.signal);
    hash.update(withoutMarks(markdown));
    length += markdown.length;
    return { chunks, end: piece.end };
  };
  try {
    let next = read();
    for (;;) {
      const piece = await next;
      if (!piece) break;
      next = read();
      // When it fails while another is written, whoever waits for it hears of it later.
      next.catch(() => undefined);
      const items = piece.chunks.map((chunk, i) => itemOf(collection, chunk, written + i));
      const before = written;
      const stored = await writeItems(deps, collection, items, tools, (done) => {
        written = before + done;
        tools.progress({ stage: 'write', counts: { written }, done: { amount: written, unit: 'items' } });
      });
      if (!stored) return;
      tools.progress({ percent: 1 + Math.floor((98 * piece.end) / size) });
    }
    if (written === 0) throw fail('noTextFound', { params: { name: collection.name } });
    await deps.store.db
      .updateTable('collections')
      .set({ hash: hash.digest('hex'), rawTextLength: length })
      .where('teamId', '=', collection.teamId)
      .where('id', '=', collection.id)
      .execute();
  } finally {
    await pieces.return(undefined);
    await rm(folder, { recursive: true, force: true });
  }
}

async function readPiece(
  deps: ImportDeps,
  file: DocumentFile,
  { path, recordsBefore }: TablePiece,
  settings: ChunkSettings,
  signal: AbortSignal,
): Promise<{ markdown: string; chunks: Chunk[] }> {
  const { markdown } = await deps.parser.parse({ ...file, path }, { signal });
  const chunks = await deps.parser.chunk(markdown, settings, { signal, background: true });
  const filled = chunks.filter(({ text }) => text.trim() !== '');
  return { markdown, chunks: filled.map((chunk) => moved(chunk, recordsBefore)) };
}

/** A chunk of a piece, with the rows that it has in the whole table. */
function moved(chunk: Chunk, rows: number): Chunk {
  const { position } = chunk;
  if (rows === 0 || position?.row === undefined) return chunk;
  const { row, endRow } = position;
  const shifted = { ...position, row: row + rows, ...(endRow !== undefined && { endRow: endRow + rows }) };
  return { ...chunk, position: shifted };
}
