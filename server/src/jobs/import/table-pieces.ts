import { createReadStream } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';

/** A part of a table as text: whole records behind the table's header. */
export interface TablePiece {
  /** Where it was written. */
  path: string;
  /** Records of the table before those of this piece, without those of the header that stands before them. */
  recordsBefore: number;
  /** Bytes of the table up to its end. */
  end: number;
}

const readBytes = 1 << 20;
const quote = 0x22;
const newline = 0x0a;
/** A quotation mark that is open for longer was never meant as one. */
const longestField = 1_000_000;
/** Excel's own first line, that says what stands between the fields. */
const declaration = /^(?:\xef\xbb\xbf)?"?sep=/i;

/**
 * Cuts a table of any length into pieces of about `size` bytes, each written to `path` in the place of the last, so
 * that neither the table nor a list of its rows is ever held in memory. It looks at bytes: in every encoding that
 * contains ASCII, line breaks and quotation marks are themselves. For the same file the pieces are always the same.
 */
export async function* tablePieces(file: string, path: string, size: number): AsyncGenerator<TablePiece> {
  let header: Buffer | undefined;
  let headerRecords = 0;
  let records = 0;
  let before = 0;
  let quoted = false;
  let held: Buffer = Buffer.alloc(0);
  /** How much of `held` has been looked at, the end of its last whole record, and where the open quotation began. */
  let seen = 0;
  let whole = 0;
  let opened = 0;
  let end = 0;
  const write = async (bytes: Buffer): Promise<TablePiece> => {
    const first = before === 0;
    await writeFile(path, first || !header ? bytes : header);
    if (!first && header) await appendFile(path, bytes);
    end += bytes.length;
    const piece = { path, recordsBefore: first ? 0 : before - headerRecords, end };
    before = records;
    return piece;
  };
  for await (const chunk of createReadStream(file, { highWaterMark: readBytes })) {
    held = held.length === 0 ? (chunk as Buffer) : Buffer.concat([held, chunk as Buffer]);
    for (; seen < held.length; seen++) {
      const byte = held[seen];
      if (byte === quote) {
        quoted = !quoted;
        opened = seen;
      } else if (byte === newline && (!quoted || seen - opened > longestField)) {
        quoted = false;
        records += 1;
        whole = seen + 1;
        if (header === undefined && (records > 1 || !declaration.test(held.toString('latin1', 0, 9)))) {
          header = Buffer.from(held.subarray(0, whole));
          headerRecords = records;
        }
      }
    }
    if (whole >= size) {
      const piece = await write(held.subarray(0, whole));
      held = Buffer.from(held.subarray(whole));
      seen -= whole;
      opened -= whole;
      whole = 0;
      yield piece;
    }
  }
  if (held.length > 0) yield await write(held);
}
