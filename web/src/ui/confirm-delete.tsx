import { Stack, Text } from '@mantine/core';
import i18next from 'i18next';
import { modals } from './modals.ts';

interface Deletion {
  /** What is deleted, by its name. */
  name: string;
  /** What is lost with it. */
  text: string;
  /** For so many days it can be restored; absent or 0 = it cannot. */
  keptDays?: number;
  /** What cannot be restored from now on, though it was deleted before. */
  forGood?: boolean;
  /** It can be undone for some seconds. */
  undo?: boolean;
  onConfirm: () => void;
}

/** Asks before something is deleted, says what goes with it and whether it can come back. */
export function confirmDelete({ name, text, keptDays = 0, forGood, undo, onConfirm }: Deletion): void {
  modals.openConfirmModal({
    title: i18next.t(forGood ? 'confirm.titleForGood' : 'confirm.title', { name }),
    children: (
      <Stack gap="xs">
        <Text size="sm">{text}</Text>
        <Text size="sm" fw={600}>
          {keptDays > 0
            ? i18next.t('confirm.restorable', { count: keptDays })
            : i18next.t(undo ? 'confirm.undo' : 'confirm.irreversible')}
        </Text>
      </Stack>
    ),
    confirmProps: { color: 'red' },
    // Whoever types on deletes nothing.
    cancelProps: { 'data-autofocus': true },
    onConfirm,
  });
}
