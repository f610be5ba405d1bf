/* What a zip file is, by the names of its first parts: every office format of today is one. */

/** The first bytes of a part in a zip file; 26 bytes of sizes and lengths follow, then its name. */
const signature = Buffer.from([0x50, 0x4b, 3, 4]);
const nameAt = 30;

export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] ?? 0) < 9;

/** `word`, `ppt`, `xl`, or the media type that the file declares; undefined when the start (64 KB at most) says neither. */
export function zipKind(start: Uint8Array): string | undefined {
  const buffer = Buffer.from(start.buffer, start.byteOffset, start.byteLength);
  if (buffer.indexOf(signature) !== 0) return undefined;
  for (let at = 0; at >= 0; at = buffer.indexOf(signature, at + nameAt)) {
    const name = buffer.toString('latin1', at + nameAt, at + nameAt + 300);
    // OpenDocument and EPUB say it in a first part that is not packed.
    if (at === 0 && name.startsWith('mimetype')) return /application\/[\w.+-]*[a-z]/.exec(name)?.[0];
    const folder = /^(word|ppt|xl)\//.exec(name)?.[1];
    if (folder) return folder;
  }
  return undefined;
}
