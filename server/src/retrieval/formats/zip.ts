import type { Text } from '@lectern/contract/lang.ts';
import { type Entry, fromBufferPromise } from 'yauzl';
import { fail } from '../../kernel/errors.ts';

/** More entries than any office document has. */
const maxEntries = 20_000;
/** Bytes that one entry may unpack to. */
const maxEntryBytes = 100e6;
/** Above so many bytes, a part may unpack to at most so many times its packed size: text reaches a tenth of it. */
const smallEntryBytes = 20e6;
const maxRatio = 300;
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
const packedTooTightly = (name: string): Text => ({
  en: `its part ${name} is packed more tightly than any document is.`,
  zh: `文件中的 ${name} 压缩率异常，不是正常的文档。`,
});
const declares = (name: string): Text => ({
  en: `its part ${name} declares a document type, which no such document does.`,
  zh: `文件中的 ${name} 含有文档类型声明（DOCTYPE），正常的文档不会包含。`,
});
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
  const parts = new Map<string, Uint8Array>();
  await eachPart(bytes, wanted, async (name, stream) => {
    parts.set(name, await contentOf(stream));
  });
  return parts;
}

/**
 * Unpacks everything within the limits of `unzip`, for libraries that unpack again without any, and refuses parts of
 * XML that declare a document type: only then can entities name files or grow without end.
 */
export async function checkZip(bytes: Uint8Array): Promise<void> {
  await eachPart(
    bytes,
    () => true,
    async (name, stream) => {
      if (!/\.(?:xml|rels|vml)$/i.test(name)) {
        for await (const _ of stream);
      } else refuseDoctype(name, await contentOf(stream));
    },
  );
}

/** XML that declares a document type is refused: office programs write none. */
export function refuseDoctype(name: string, content: Uint8Array): void {
  const buffer = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const declared = (['latin1', 'utf16le'] as const).some((encoding) =>
    buffer.includes(Buffer.from('<!DOCTYPE', encoding)),
  );
  // UTF-16 of the other order differs by one zero byte before.
  if (declared || buffer.includes(Buffer.from('\0<\0!\0D\0O\0C\0T\0Y\0P\0E', 'latin1')))
    throw unreadable(declares(name));
}

async function contentOf(stream: NodeJS.ReadableStream): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function eachPart(
  bytes: Uint8Array,
  wanted: (name: string) => boolean,
  use: (name: string, stream: NodeJS.ReadableStream) => Promise<void>,
): Promise<void> {
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
      checkEntry(entry);
      sum += entry.uncompressedSize;
      if (sum > maxBytes) throw unreadable(allTooLarge);
      entries.push(entry);
    }
    for (const { fileName, uncompressedSize, compressedSize } of entries) {
      if (uncompressedSize > smallEntryBytes && uncompressedSize > compressedSize * maxRatio)
        throw unreadable(packedTooTightly(fileName));
    }
    for (const entry of entries) await use(entry.fileName, await zip.openReadStreamPromise(entry));
  } finally {
    zip.close();
  }
}

function checkEntry(entry: Entry): void {
  if (entry.isEncrypted()) throw fail('fileEncrypted');
  const { fileName, uncompressedSize: size } = entry;
  if (size > maxEntryBytes) throw unreadable(tooLarge(fileName, size, maxEntryBytes));
}
