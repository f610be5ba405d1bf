interface Figures {
  calls: number;
  failures: Record<string, number>;
}

export interface Bar {
  /** The beginning of the first hour in it. */
  time: number;
  calls: number;
  failures: number;
}

const hourMs = 3_600_000;
const mostBars = 24;

export const failuresOf = ({ failures }: Figures): number =>
  Object.values(failures).reduce((sum, count) => sum + count, 0);

/** The last hours as at most 24 bars, the oldest first, hours without calls among them. */
export function hourBars(
  hours: readonly (Figures & { time: string })[],
  back: number,
  now = Date.now(),
): Bar[] {
  const width = Math.ceil(back / mostBars) * hourMs;
  const count = Math.ceil((back * hourMs) / width);
  const end = now - (now % hourMs) + hourMs;
  const bars = Array.from({ length: count }, (_, at) => ({
    time: end - (count - at) * width,
    calls: 0,
    failures: 0,
  }));
  for (const hour of hours) {
    const bar = bars[count - 1 - Math.floor((end - 1 - Date.parse(hour.time)) / width)];
    if (!bar) continue;
    bar.calls += hour.calls;
    bar.failures += failuresOf(hour);
  }
  return bars;
}
