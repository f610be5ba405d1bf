const pauseMs = 2000;

/** Loads a part of the console that nobody can do without, as often as it takes: the server may be away for a while. */
export async function patiently<T>(load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
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
