/** Of questions and answers: as it is exported here, and as FastGPT names the same columns. */
const header = /^\s*"?(?:q|index)"?[ \t]*([,;\t|])[ \t]*"?(?:a|content)"?[ \t]*(?=[,;\t|\r\n]|$)/i;

/** What stands between the cells of a CSV of questions and answers; undefined when it does not begin with its header. */
export const delimiterOf = (text: string): string | undefined => header.exec(text)?.[1];

/** Whether a file begins with the header, by its first bytes: in every encoding its letters are those of ASCII. */
export function beginsWithHeader(start: Uint8Array): boolean {
  const text = Buffer.from(start)
    .toString('latin1')
    .replace(/^(?:\xff\xfe|\xfe\xff|\xef\xbb\xbf)/, '')
    .replaceAll('\0', '');
  return delimiterOf(text) !== undefined;
}
