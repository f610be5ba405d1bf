import { Button, Group, Paper, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** What can be done with the entries that are chosen in a table. */
export function SelectionBar(props: { count: number; onClear: () => void; children: ReactNode }) {
  const { t } = useTranslation('datasets');
  if (props.count === 0) return null;
  return (
    <Paper withBorder p="xs" role="region" aria-label={t('select.label')}>
      <Group gap="xs">
        <Text size="sm" fw={600} px="xs">
          {t('select.count', { count: props.count })}
        </Text>
        {props.children}
        <Button size="xs" variant="subtle" color="gray" ml="auto" onClick={props.onClear}>
          {t('select.clear')}
        </Button>
      </Group>
    </Paper>
  );
}
