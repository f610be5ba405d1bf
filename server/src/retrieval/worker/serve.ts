import { parentPort } from 'node:worker_threads';
import type { WorkerReply, WorkerRequest } from './protocol.ts';
import { packError } from './wire-error.ts';

type Handler = (input: never, progress: (share: number) => void) => unknown;

/** Answers the requests of the thread that made this worker, one after the other in their order. */
export function serve(handlers: Record<string, Handler>): void {
  const port = parentPort;
  if (!port) throw new Error('This module runs in a worker thread only.');
  const reply = (message: WorkerReply): void => port.postMessage(message);
  let queue: Promise<void> = Promise.resolve();
  port.on('message', (request: WorkerRequest) => {
    queue = queue.then(async () => {
      try {
        const handler = handlers[request.call];
        if (!handler) throw new Error(`Unknown call ${request.call}`);
        const output = await handler(request.input as never, (progress) =>
          reply({ id: request.id, progress }),
        );
        reply({ id: request.id, output });
      } catch (error) {
        reply({ id: request.id, error: packError(error) });
      }
    });
  });
}
