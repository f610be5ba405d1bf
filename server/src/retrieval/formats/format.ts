import type { DocumentFile, ParsedDocument } from '../ports.ts';

/** A file on its way through a format. */
export interface SourceFile extends Pick<DocumentFile, 'name' | 'picturesDir' | 'ocr' | 'page'> {
  bytes: Uint8Array;
  /** As the sender declared it; often wrong. */
  contentType: string;
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
  /** Whether the first bytes of a file (64 KB at most) are surely of this kind, whatever the name says. */
  matches?(start: Uint8Array): boolean;
  /** Fails with fileUnreadable or fileEncrypted; an empty text is refused by the caller. */
  read(file: SourceFile, progress: (share: number) => void): ParsedDocument | Promise<ParsedDocument>;
}
