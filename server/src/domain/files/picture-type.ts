import { open } from 'node:fs/promises';

/** By the first bytes of a file (as latin1); what it is called says nothing. */
export function typeOfBytes(start: string): string | undefined {
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (start.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (start.startsWith('GIF87a') || start.startsWith('GIF89a')) return 'image/gif';
  if (start.startsWith('RIFF') && start.startsWith('WEBP', 8)) return 'image/webp';
  return start.startsWith('BM') && start.length >= 14 ? 'image/bmp' : undefined;
}

/** The type of a picture that browsers and vision models take, or undefined. */
export async function pictureTypeOf(path: string): Promise<string | undefined> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return typeOfBytes(buffer.toString('latin1', 0, bytesRead));
  } finally {
    await file.close();
  }
}
