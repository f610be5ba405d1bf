import { Badge } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../ui/format.ts';
import { runningJobsQuery } from './queries.ts';

/** How many jobs run, beside the link to them; nothing while none does. */
export function JobsBadge() {
  const { t } = useTranslation('common');
  const { data = 0 } = useQuery(runningJobsQuery);
  if (data === 0) return null;
  return (
    <Badge size="sm" variant="light" circle={data < 10} aria-label={t('nav.jobsRunning', { amount: data })}>
      {data > 99 ? '99+' : formatNumber(data)}
    </Badge>
  );
}
