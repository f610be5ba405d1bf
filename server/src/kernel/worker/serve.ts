import { parentPort } from 'node:worker_threads';
import type { WorkerReply, WorkerRequest } from './messages.ts';
import { packError } from './wire-error.ts';

type Handler = (input: never, progress: (share: number) => void) => unknown;

/** Answers the requests of the side that launched this thread or process, one after the other in their order. */
export function serve(handlers: Record<string, Handler>): void {
  let queue: Promise<void> = Promise.resolve();
  const reply = replier();
  const receive = (request: WorkerRequest): void => {
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
  };
  if (parentPort) parentPort.on('message', receive);
  else {
    process.on('message', receive);
    // Without the server there is nobody to work for.
    process.on('disconnect', () => process.exit());
  }
}

function replier(): (reply: WorkerReply) => void {
  const port = parentPort;
  if (port) return (reply) => port.postMessage(reply);
  return (reply) => {
    if (process.connected) process.send?.(reply);
  };
}
