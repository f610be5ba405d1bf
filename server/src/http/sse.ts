import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

const headers = {
  'content-type': 'text/event-stream;charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  connection: 'keep-alive',
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
  const heartbeat = setInterval(() => raw.write(': keep-alive\n\n'), heartbeatMs);
  try {
    for await (const frame of frames) {
      if (options.signal.aborted) break;
      heartbeat.refresh();
      if (!raw.write(frame)) await drained(raw, options.signal);
    }
  } catch (thrown) {
    if (!options.signal.aborted) raw.write(options.errorFrame(thrown));
  } finally {
    clearInterval(heartbeat);
    raw.end();
  }
}

async function drained(raw: ServerResponse, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await once(raw, 'drain', { signal }).catch(() => undefined);
}
