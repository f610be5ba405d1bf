import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Upload } from './upload-store.ts';

/** Those that nobody has ordered yet, and that the server will have. */
export const openUploads = (all: readonly Upload[]): Upload[] =>
  all.filter(({ state, order }) => !order && state !== 'refused');

interface StartImportProps {
  open: readonly Upload[];
  label: string;
  /** What happens to those that are still on their way. */
  later: string;
  onStart: () => void;
}

/** Imports the chosen files; nobody has to wait for them to arrive. */
export function StartImport({ open, label, later, onStart }: StartImportProps) {
  const { t } = useTranslation('datasets');
  return (
    <Group>
      <Button size="md" disabled={open.length === 0} onClick={onStart}>
        {open.length > 0 ? label : t('import.open')}
      </Button>
      {open.some(({ state }) => state !== 'uploaded') && (
        <Text size="sm" c="dimmed">
          {later}
        </Text>
      )}
    </Group>
  );
}
