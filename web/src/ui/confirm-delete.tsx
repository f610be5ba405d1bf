import { Stack, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import i18next from 'i18next';

interface Deletion {
  /** What is deleted, by its name. */
  name: string;
  /** What is lost with it. */
  text: string;
  onConfirm: () => void;
}

/** Asks before something is deleted for good, and says what goes with it. */
export function confirmDelete({ name, text, onConfirm }: Deletion): void {
  modals.openConfirmModal({
    title: i18next.t('confirm.title', { name }),
    children: (
      <Stack gap="xs">
        <Text size="sm">{text}</Text>
        <Text size="sm" fw={600}>
          {i18next.t('confirm.irreversible')}
        </Text>
      </Stack>
    ),
    confirmProps: { color: 'red', 'data-autofocus': true },
    onConfirm,
  });
}
