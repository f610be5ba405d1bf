import type { RunEvent } from '@lectern/contract/stream.ts';
import { createEventQueue } from '../../workflow/event-queue.ts';

/** Reads a run to its end whoever listens: the reader of what this answers may leave at any time. */
export function readApart(events: AsyncIterable<RunEvent[]>): AsyncGenerator<RunEvent[]> {
  const queue = createEventQueue<RunEvent>({ onStart: () => undefined, onLeave: () => undefined });
  const pump = async () => {
    for await (const batch of events) for (const event of batch) queue.push(event);
  };
  pump().then(
    () => queue.end(),
    (thrown) => queue.fail(thrown),
  );
  return read(queue.batches());
}

async function* read(batches: AsyncIterable<RunEvent[]>): AsyncGenerator<RunEvent[]> {
  yield* batches;
}
