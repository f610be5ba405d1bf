import type { Text } from '@lectern/contract/lang.ts';
import { type Entry, fromBufferPromise } from 'yauzl';
import { fail } from '../../kernel/errors.ts';

/** More entries than any office document has. */
const maxEntries = 20_000;
/** Bytes that one entry may unpack to. */
const maxEntryBytes = 100e6;
/** Bytes that everything read of one file may unpack to. */
const maxBytes = 200e6;

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;
const tooMany = (entries: number): Text => ({
  en: `it holds ${entries} parts; the limit is ${maxEntries}.`,
  zh: `文件包含 ${entries} 个部分，上限为 ${maxEntries} 个。`,
});
const tooLarge = (name: string, bytes: number, limit: number): Text => ({
  en: `its part ${name} unpacks to ${megabytes(bytes)}; the limit is ${megabytes(limit)}. Split it into smaller files.`,
  zh: `文件中的 ${name} 解压后为 ${megabytes(bytes)}，上限为 ${megabytes(limit)}，请拆分为较小的文件。`,
});
const allTooLarge: Text = {
  en: `its parts unpack to more than ${megabytes(maxBytes)}, the limit. Split it into smaller files.`,
  zh: `文件内容解压后超过上限 ${megabytes(maxBytes)}，请拆分为较小的文件。`,
};
const damaged: Text = { en: 'it is damaged.', zh: '文件已损坏。' };

const unreadable = (details: Text, cause?: unknown) => fail('fileUnreadable', { params: { details }, cause });

/**
 * The parts of a zip file whose names `wanted` accepts, unpacked. Sizes are looked at before anything is unpacked, and
 * a part that unpacks to more than it declares ends the reading. Fails with fileUnreadable or fileEncrypted.
 */
export async function unzip(
  bytes: Uint8Array,
  wanted: (name: string) => boolean,
): Promise<Map<string, Uint8Array>> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const zip = await fromBufferPromise(buffer, { lazyEntries: true }).catch((error: unknown) => {
    throw unreadable(damaged, error);
  });
  if (zip.entryCount > maxEntries) throw unreadable(tooMany(zip.entryCount));
  const entries: Entry[] = [];
  let sum = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      if (!wanted(entry.fileName)) continue;
      if (entry.isEncrypted()) throw fail('fileEncrypted');
      const size = entry.uncompressedSize;
      if (size > maxEntryBytes) throw unreadable(tooLarge(entry.fileName, size, maxEntryBytes));
      sum += size;
      if (sum > maxBytes) throw unreadable(allTooLarge);
      entries.push(entry);
    }
    const parts = new Map<string, Uint8Array>();
    for (const entry of entries) {
      const stream = await zip.openReadStreamPromise(entry);
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      parts.set(entry.fileName, Buffer.concat(chunks));
    }
    return parts;
  } finally {
    zip.close();
  }
}
