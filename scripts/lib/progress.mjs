/*
 * Plain JavaScript without dependencies: it runs before anything is installed.
 */

/**
 * Shows that something lives that takes long, and how far it is, with the seconds since it began: in one line that is
 * written over on a terminal, and as a line every ten seconds elsewhere.
 * @param {(seconds: string) => string} describe What to show now; asked at each look.
 * @param {{ stream?: { isTTY?: boolean, columns?: number, write(text: string): unknown }, everyMs?: number }} [options]
 * @returns {() => number} Ends it, with nothing left of the line; answers the seconds it took.
 */
export function showProgress(describe, { stream = process.stderr, everyMs } = {}) {
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  const terminal = stream.isTTY === true;
  const show = () => {
    const text = `  ${describe(String(seconds()))}`;
    // A line that wraps could not be written over.
    stream.write(terminal ? `\r\x1b[K${text.slice(0, (stream.columns ?? 80) - 1)}` : `${text}\n`);
  };
  if (terminal) show();
  const timer = setInterval(show, everyMs ?? (terminal ? 1_000 : 10_000));
  return () => {
    clearInterval(timer);
    if (terminal) stream.write('\r\x1b[K');
    return seconds();
  };
}
