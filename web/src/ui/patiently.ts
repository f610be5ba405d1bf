const pauseMs = 2000;
const longestPauseMs = 30_000;

/**
 * Loads a part of the console that nobody can do without, as often as it takes: the server may be away for a while.
 * @param failed is told of every attempt in vain
 */
export async function patiently<T>(load: () => Promise<T>, failed: (cause: unknown) => void): Promise<T> {
  for (let pause = pauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
    try {
      return await load();
    } catch (cause) {
      failed(cause);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** Does something when somebody first touches the page: no first load waits for it. */
export function atFirstTouch(act: () => unknown): void {
  const events = ['pointerdown', 'keydown'] as const;
  const touched = () => {
    for (const event of events) window.removeEventListener(event, touched, true);
    act();
  };
  for (const event of events) window.addEventListener(event, touched, true);
}
