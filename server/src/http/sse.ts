import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

const headers = {
  'content-type': 'text/event-stream;charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

const heartbeatMs = 10_000;

/**
 * Writes ready frames to the caller, no faster than they are taken, with a comment after 10 s of silence.
 * Ends when the frames end or the caller leaves; a failure of the frames becomes `errorFrame` and ends the stream.
 */
export async function sendFrames(
  raw: ServerResponse,
  frames: AsyncIterable<string>,
  options: { headers: Record<string, string>; signal: AbortSignal; errorFrame: (thrown: unknown) => string },
): Promise<void> {
  raw.writeHead(200, { ...headers, ...options.headers });
  raw.flushHeaders();
  const body = chunkWriter(raw);
  const heartbeat = setInterval(() => body.write(': keep-alive\n\n'), heartbeatMs);
  try {
    for await (const frame of frames) {
      if (options.signal.aborted) break;
      heartbeat.refresh();
      if (frame !== '' && !body.write(frame)) await drained(raw, options.signal);
    }
  } catch (thrown) {
    if (!options.signal.aborted) body.write(options.errorFrame(thrown));
  } finally {
    clearInterval(heartbeat);
    body.end();
  }
}

/**
 * Frames each text as one chunk of HTTP/1.1. Node writes a chunk as four pieces, which costs more than all else that
 * a token takes. HTTP/1.0 has no chunks: there texts go out as they are.
 */
function chunkWriter(raw: ServerResponse): { write(text: string): boolean; end(): void } {
  if (!raw.chunkedEncoding) return { write: (text) => raw.write(text), end: () => void raw.end() };
  raw.chunkedEncoding = false;
  return {
    write: (text) => raw.write(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`),
    end: () => void raw.end('0\r\n\r\n'),
  };
}

async function drained(raw: ServerResponse, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await once(raw, 'drain', { signal }).catch(() => undefined);
}
