import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Says what was deleted, with a way back. */
export function UndoNotice({ text, onUndo }: { text: string; onUndo: () => void }) {
  const { t } = useTranslation('common');
  return (
    <Group justify="space-between" wrap="nowrap" gap="sm">
      <Text size="sm" lineClamp={2}>
        {text}
      </Text>
      <Button variant="subtle" size="compact-sm" flex="none" onClick={onUndo}>
        {t('action.undo')}
      </Button>
    </Group>
  );
}
