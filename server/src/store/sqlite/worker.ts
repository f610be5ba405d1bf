import { parentPort, workerData } from 'node:worker_threads';
import { toFailure } from './connection.ts';
import { Engine } from './engine.ts';
import type { Greeting, Request, WorkerSettings } from './protocol.ts';

const port = parentPort;
if (port !== null) {
  const greet = (greeting: Greeting) => port.postMessage(greeting);
  try {
    const engine = new Engine(
      workerData as WorkerSettings,
      (replies) => port.postMessage(replies),
      () => port.close(),
    );
    port.on('message', (requests: Request[]) => engine.handle(requests));
    greet({ ready: true });
  } catch (error) {
    greet({ ready: false, failure: toFailure(error) });
    port.close();
  }
}
