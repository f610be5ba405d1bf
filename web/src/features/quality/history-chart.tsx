import '@mantine/charts/styles.css';
import { LineChart } from '@mantine/charts';
import { currentLocale } from '../../i18n/index.ts';
import { formatNumber } from '../../ui/format.ts';
import { fullTime } from '../../ui/time-ago.tsx';
import type { historyOf } from './measures.ts';

const colors = ['lectern.6', 'orange.6', 'teal.6', 'grape.6'];

/** A measure over time, a line for each setting. A module of its own, because the library of charts is big. */
export default function HistoryChart({ points, lines }: ReturnType<typeof historyOf>) {
  const day = new Intl.DateTimeFormat(currentLocale(), { month: 'short', day: 'numeric' });
  return (
    <LineChart
      h={220}
      data={points}
      dataKey="time"
      series={lines.map((name, place) => ({ name, color: colors[place % colors.length] ?? 'gray.6' }))}
      curveType="linear"
      connectNulls
      withLegend={lines.length > 1}
      valueFormatter={(value) => formatNumber(value, 3)}
      yAxisProps={{ domain: [0, 1] }}
      xAxisProps={{ tickFormatter: (time: string) => day.format(new Date(time)) }}
      tooltipProps={{ labelFormatter: (time) => (time ? fullTime(new Date(String(time))) : '') }}
    />
  );
}
