import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { fullTime, timeAgo } from '../../../ui/time-ago.tsx';
import { Tooltip } from '../../../ui/tooltip.tsx';
import type { ApiKey } from '../queries.ts';

/** What keeps a key from working, or that its predecessor still does. */
export function KeyState({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation('api');
  const { limit, usagePoints, previous } = apiKey;
  if (limit.expiredTime && new Date(limit.expiredTime) <= new Date())
    return <State color="red" text={t('state.expired')} hint={fullTime(new Date(limit.expiredTime))} />;
  if (limit.maxUsagePoints >= 0 && usagePoints >= limit.maxUsagePoints)
    return <State color="red" text={t('state.spent')} hint={t('state.spentHint')} />;
  if (!previous) return null;
  const used = previous.lastUsedTime
    ? t('state.oldUsed', { time: timeAgo(new Date(previous.lastUsedTime)) ?? t('state.justNow') })
    : t('state.oldUnused');
  const until = fullTime(new Date(previous.expiredTime));
  return (
    <State
      color={previous.lastUsedTime ? 'yellow' : 'teal'}
      text={t('state.overlap')}
      hint={t('state.overlapHint', { key: previous.apiKey, until, used })}
    />
  );
}

function State({ color, text, hint }: { color: string; text: string; hint: string }) {
  return (
    <Tooltip label={hint} multiline maw={320}>
      <Badge color={color} variant="light" size="sm" tt="none" fw={550} tabIndex={0}>
        {text}
      </Badge>
    </Tooltip>
  );
}
