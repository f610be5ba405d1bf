const key = 'lectern-welcome-left';

/** Whether the first steps were left in this browser; they stay within reach, but nobody is led there again. */
export function wasLeft(): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return true;
  }
}

/** Remembers it. */
export function leave(): void {
  try {
    localStorage.setItem(key, '1');
  } catch {
    // Then it is offered again.
  }
}
