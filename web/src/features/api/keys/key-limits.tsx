import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../ui/format.ts';
import { fullTime } from '../../../ui/time-ago.tsx';
import type { ApiKey } from '../queries.ts';

/** The limits of a key, one a line; what it may spend stands with its spend. */
export function KeyLimits({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation('api');
  const { expiredTime, maxPerMinute, allowedAddresses = [], allowedRoutes = [] } = apiKey.limit;
  const lines = [
    expiredTime && { text: t('limits.expires', { time: fullTime(new Date(expiredTime)) }) },
    maxPerMinute && {
      text: t('limits.perMinute', { count: maxPerMinute, number: formatNumber(maxPerMinute) }),
    },
    allowedAddresses.length > 0 && {
      text: t('limits.addresses', { count: allowedAddresses.length }),
      title: allowedAddresses.join('\n'),
    },
    allowedRoutes.length > 0 && {
      text: t('limits.routes', { count: allowedRoutes.length }),
      title: allowedRoutes.join('\n'),
    },
    apiKey.scopes.includes('apps:write') && { text: t('limits.writesApps') },
  ].filter((line) => typeof line === 'object');
  if (lines.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('limits.none')}
      </Text>
    );
  return (
    <Stack gap={2}>
      {lines.map(({ text, ...more }) => (
        <Text key={text} size="xs" {...more}>
          {text}
        </Text>
      ))}
    </Stack>
  );
}
