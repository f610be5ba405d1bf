import { Badge, Group, List, Stack, Text, ThemeIcon } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../api/client.ts';
import { formatNumber } from '../../../ui/format.ts';

type Test = Answer<'testModel'>;
type Check = Test['channels'][number]['checks'][number];

/** How a test of a model went: on each channel what was asked, what came back, and what to do. */
export function ModelTestResult({ test }: { test: Test }) {
  const { t } = useTranslation('settings');
  return (
    <Stack gap="xs" role="status">
      <Group gap="xs">
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {test.model}
        </Text>
        <Badge color={test.ok ? 'teal' : 'red'} variant="light">
          {t(test.ok ? 'test.ok' : 'test.failed')}
        </Badge>
      </Group>
      {test.channels.length === 0 && <Text size="sm">{test.message}</Text>}
      {test.channels.map(({ channelId, channelName, checks }) => (
        <Stack key={channelId} gap={4}>
          {test.channels.length > 1 && (
            <Text size="sm" c="dimmed">
              {channelName}
            </Text>
          )}
          <List
            spacing={6}
            size="sm"
            listStyleType="none"
            withPadding={false}
            styles={{ itemWrapper: { alignItems: 'flex-start' } }}
          >
            {checks.map((check) => (
              <CheckLine key={check.capability} check={check} />
            ))}
          </List>
        </Stack>
      ))}
    </Stack>
  );
}

function CheckLine({ check }: { check: Check }) {
  const { t } = useTranslation('settings');
  const { ok, capability, message, durationMs } = check;
  return (
    <List.Item
      icon={
        <ThemeIcon size={20} radius="xl" variant="light" color={ok ? 'teal' : 'red'}>
          {ok ? (
            <IconCheck size={14} aria-label={t('test.ok')} />
          ) : (
            <IconX size={14} aria-label={t('test.failed')} />
          )}
        </ThemeIcon>
      }
    >
      <Text size="sm" span fw={500}>
        {t(`test.asked.${capability}`)}
      </Text>
      <Text size="xs" span c="dimmed" ml={6}>
        {t('health.ms', { ms: formatNumber(durationMs) })}
      </Text>
      <Text size="sm" c={ok ? 'dimmed' : undefined} style={{ overflowWrap: 'anywhere' }}>
        {message}
      </Text>
    </List.Item>
  );
}
