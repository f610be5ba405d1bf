import { Button, CloseButton, Group, Text, TextInput } from '@mantine/core';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../ui/format.ts';
import { useFindField } from '../../ui/use-find-field.ts';

interface ToolbarProps {
  find: string;
  total: number | undefined;
  onFind: (find: string) => void;
  onAdd?: () => void;
}

/** Finds words in the passages of the collection, and adds one by hand. */
export function ItemToolbar({ find, total, onFind, onAdd }: ToolbarProps) {
  const { t } = useTranslation('data');
  const { text, change } = useFindField(find, onFind);
  return (
    <Group mb="sm" gap="sm">
      <TextInput
        flex="1 1 220px"
        maw={420}
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        placeholder={t('find.placeholder')}
        aria-label={t('find.placeholder')}
        leftSection={<IconSearch size={16} stroke={1.6} aria-hidden />}
        rightSection={
          text && <CloseButton size="sm" aria-label={t('find.clear')} onClick={() => change('')} />
        }
      />
      {find && total !== undefined && (
        <Text size="sm" c="dimmed" role="status">
          {t('find.found', { count: total, number: formatNumber(total) })}
        </Text>
      )}
      {onAdd && (
        <Button
          ml="auto"
          variant="default"
          leftSection={<IconPlus size={16} stroke={1.6} aria-hidden />}
          onClick={onAdd}
        >
          {t('add.open')}
        </Button>
      )}
    </Group>
  );
}
