/** Longest silence before the stream is opened: with its headers out, heartbeats keep proxies from hanging up. */
const patienceMs = 8000;

/**
 * Waits for the first item, so that a failure before it is thrown here, where it can still become a true status.
 * Answers the same items.
 */
export async function peekFirst<T>(
  items: AsyncGenerator<T>,
  patience: number = patienceMs,
): Promise<AsyncIterable<T>> {
  const first = items.next();
  let timer: NodeJS.Timeout | undefined;
  const waited = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patience);
  });
  await Promise.race([first, waited]).finally(() => clearTimeout(timer));
  let isFirst = true;
  const iterator: AsyncIterator<T> = {
    next() {
      if (!isFirst) return items.next();
      isFirst = false;
      return first;
    },
    return: (value) => items.return(value),
  };
  return { [Symbol.asyncIterator]: () => iterator };
}
