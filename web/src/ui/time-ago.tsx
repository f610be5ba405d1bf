import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { currentLocale } from '../i18n/index.ts';
import { Tooltip } from './tooltip.tsx';

const steps = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** “3 hours ago”, in the language of the console. */
export function timeAgo(time: Date, now = new Date()): string | undefined {
  const seconds = (time.getTime() - now.getTime()) / 1000;
  const format = new Intl.RelativeTimeFormat(currentLocale(), { numeric: 'auto' });
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return undefined;
}

/** Date and time as the reader writes them. */
export const fullTime = (time: Date): string =>
  new Intl.DateTimeFormat(currentLocale(), { dateStyle: 'medium', timeStyle: 'short' }).format(time);

/** How long ago something was; the full time is in its tooltip. */
export function TimeAgo({ time }: { time: string | number | Date | null | undefined }) {
  const { t } = useTranslation('common');
  if (time === null || time === undefined || time === '') return <>{t('time.never')}</>;
  const date = new Date(time);
  return (
    <Tooltip label={fullTime(date)}>
      <Text component="time" inherit dateTime={date.toISOString()}>
        {timeAgo(date) ?? t('time.now')}
      </Text>
    </Tooltip>
  );
}
