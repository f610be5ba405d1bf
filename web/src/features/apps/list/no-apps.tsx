import { Button, Group } from '@mantine/core';
import { IconApps, IconFileImport, IconFolder, IconPlus, IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../../ui/empty-state.tsx';

interface NoAppsProps {
  search: string;
  inFolder: boolean;
  editor: boolean;
  onCreate: () => void;
  onImport: () => void;
}

/** A list without apps: why, and what to do. */
export function NoApps({ search, inFolder, editor, onCreate, onImport }: NoAppsProps) {
  const { t } = useTranslation('apps');
  if (search !== '')
    return (
      <EmptyState icon={IconSearch} title={t('empty.searchTitle', { search })} text={t('empty.searchText')} />
    );
  const where = inFolder ? 'folder' : 'root';
  return (
    <EmptyState
      icon={inFolder ? IconFolder : IconApps}
      title={t(`empty.${where}Title`)}
      text={t(editor ? `empty.${where}Text` : 'empty.viewerText')}
    >
      {editor && (
        <Group justify="center">
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={onCreate}>
            {t('list.create')}
          </Button>
          <Button variant="default" leftSection={<IconFileImport size={16} aria-hidden />} onClick={onImport}>
            {t('list.import')}
          </Button>
        </Group>
      )}
    </EmptyState>
  );
}
