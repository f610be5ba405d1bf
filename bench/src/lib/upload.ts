import type { Api } from './api.ts';
import { watchMemory } from './imports.ts';
import { residentMb } from './process-tree.ts';

/** Uploads a file of so many bytes to an upload address, as it is made; answers how that went. */
export async function uploadLarge(
  api: Api,
  pid: number,
  bytes: number,
): Promise<{ seconds: number; moreMb: number }> {
  const input = { filename: 'large.csv', contentType: 'text/csv' };
  const { url } = await api.call<{ url: string }>('POST', '/core/dataset/presignDatasetFilePostUrl', input);
  const piece = new TextEncoder().encode('a row of text\n'.repeat(80_000));
  let left = bytes;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left <= 0) return controller.close();
      controller.enqueue(piece.subarray(0, Math.min(piece.length, left)));
      left -= piece.length;
    },
  });
  const before = residentMb(pid);
  const memory = watchMemory(pid);
  const began = performance.now();
  const answer = await fetch(url, { method: 'PUT', body, duplex: 'half' });
  const text = await answer.text();
  const moreMb = memory.stop() - before;
  if (!answer.ok) throw new Error(`the upload was refused: ${text.slice(0, 500)}`);
  return { seconds: (performance.now() - began) / 1000, moreMb };
}
