import type { DocumentFile, ParsedDocument } from '../ports.ts';
import type { TextReader } from './ocr/reader.ts';

/** A file on its way through a format. */
export interface SourceFile extends Pick<DocumentFile, 'name' | 'picturesDir' | 'ocr' | 'page'> {
  bytes: Uint8Array;
  /** As the sender declared it; often wrong. */
  contentType: string;
  /** Recognises text in pictures. Absent where that is not wanted, or not yet: a format then says what there is to read. */
  reader?: TextReader;
  /** How many files it lies within: an attachment of a mail in 1. */
  depth: number;
  /** Reads a file that lies within it, by what that holds. Fails as `Format.read` does. */
  readInside(file: Pick<SourceFile, 'name' | 'bytes' | 'contentType'>): Promise<ReadDocument>;
}

/** A document as far as it could be read. */
export interface ReadDocument extends ParsedDocument {
  /** Pages whose text must be recognised, which is done where it hinders nobody: at most so many. */
  pagesToRead?: number;
}

/** One kind of file that can be turned into Markdown. */
export interface Format {
  readonly name: string;
  /** Lower case, without the dot. */
  readonly extensions: readonly string[];
  /** Files above this many bytes are refused: reading takes many times their size in memory. */
  readonly maxBytes: number;
  /** Its files are no text, so that their first bytes say more than their name. */
  readonly binary?: boolean;
  /** Its text may stand in pictures. */
  readonly pictures?: boolean;
  /** Whether the first bytes of a file (64 KB at most) are surely of this kind, whatever the name says. */
  matches?(start: Uint8Array): boolean;
  /** Fails with fileUnreadable or fileEncrypted; an empty text is refused by the caller. */
  read(file: SourceFile, progress: (share: number) => void): ReadDocument | Promise<ReadDocument>;
}
