/** Longest silence, in milliseconds, before the stream is opened: no proxy hangs up on one that has begun. */
const patienceMs = 10_000;

/**
 * Waits for the first item, so that a failure before it is thrown here, where it can still become a true status.
 * Answers the same items; when the wait is too long, after `sign`, which tells the caller that we are still there.
 */
export async function peekFirst<T>(
  items: AsyncGenerator<T>,
  sign: T,
  patience: number = patienceMs,
): Promise<AsyncIterable<T>> {
  const first = items.next();
  let timer: NodeJS.Timeout | undefined;
  const waited = new Promise<'waited'>((resolve) => {
    timer = setTimeout(resolve, patience, 'waited');
  });
  const outcome = await Promise.race([first, waited]).finally(() => clearTimeout(timer));
  const ahead: Promise<IteratorResult<T>>[] = [first];
  if (outcome === 'waited') {
    ahead.unshift(Promise.resolve({ value: sign, done: false }));
    // It may fail before the reader of the sign comes for it; that is heard then.
    first.catch(() => undefined);
  }
  const iterator: AsyncIterator<T> = {
    next: () => ahead.shift() ?? items.next(),
    return: (value) => items.return(value),
  };
  return { [Symbol.asyncIterator]: () => iterator };
}
