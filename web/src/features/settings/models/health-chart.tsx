import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../ui/format.ts';
import { fullTime } from '../../../ui/time-ago.tsx';
import type { Bar } from './health-bars.ts';

const height = 28;
const step = 6;

/** Calls over time as small bars; the part that failed is red. */
export function HealthChart({ bars }: { bars: readonly Bar[] }) {
  const { t } = useTranslation('settings');
  const most = Math.max(1, ...bars.map(({ calls }) => calls));
  const sum = (of: (bar: Bar) => number) => formatNumber(bars.reduce((all, bar) => all + of(bar), 0));
  const label = t('health.chart', { calls: sum((bar) => bar.calls), failed: sum((bar) => bar.failures) });
  return (
    <svg width={bars.length * step} height={height} role="img" aria-label={label} style={{ flexShrink: 0 }}>
      {bars.map(({ time, calls, failures }, at) => {
        const whole = calls === 0 ? 1 : Math.max(2, (calls / most) * height);
        const failed = calls === 0 ? 0 : (failures / calls) * whole;
        return (
          <g key={time}>
            <title>
              {`${fullTime(new Date(time))}: ${t('health.chart', { calls: formatNumber(calls), failed: formatNumber(failures) })}`}
            </title>
            <rect
              x={at * step}
              y={height - whole}
              width={step - 2}
              height={whole - failed}
              fill={
                calls === 0 ? 'var(--mantine-color-default-border)' : 'var(--mantine-primary-color-filled)'
              }
            />
            <rect
              x={at * step}
              y={height - failed}
              width={step - 2}
              height={failed}
              fill="var(--mantine-color-red-filled)"
            />
          </g>
        );
      })}
    </svg>
  );
}
