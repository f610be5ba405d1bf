import { currentLocale } from '../../../i18n/index.ts';

const dayMs = 86_400_000;

/** The day of a moment on the reader's clock, as 2026-01-31. */
export function dayOf(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

/** So many days before another, which may have 23 or 25 hours. */
export function daysBefore(days: number, now = new Date()): string {
  return dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() - days, 12));
}

/** Lines of the same day together, in the order in which they came. */
export function daysOf<Line extends { timestamp: string }>(list: readonly Line[]) {
  const days = Map.groupBy(list, ({ timestamp }) => dayOf(new Date(timestamp)));
  return [...days].map(([day, lines]) => ({ day, list: lines }));
}

/** “Today”, “Yesterday”, or the date in full. */
export function dayName(day: string, now = new Date()): string {
  const noon = new Date(`${day}T12:00:00`);
  const today = new Date(`${dayOf(now)}T12:00:00`);
  const ago = Math.round((today.getTime() - noon.getTime()) / dayMs);
  if (ago !== 0 && ago !== 1) {
    return new Intl.DateTimeFormat(currentLocale(), { dateStyle: 'full' }).format(noon);
  }
  const name = new Intl.RelativeTimeFormat(currentLocale(), { numeric: 'auto' }).format(-ago, 'day');
  return name.charAt(0).toUpperCase() + name.slice(1);
}
