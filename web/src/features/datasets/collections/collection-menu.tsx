import { ActionIcon } from '@mantine/core';
import {
  type Icon,
  IconCut,
  IconDots,
  IconDownload,
  IconEye,
  IconEyeOff,
  IconFileSpreadsheet,
  IconFolderSymlink,
  IconPencil,
  IconRefresh,
  IconTag,
  IconTrash,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Menu } from '../../../ui/menu.tsx';
import type { Collection, Dataset } from '../queries.ts';
import type { CollectionActions } from './collection-actions.ts';
import { canReTrain, canSync } from './collection-kind.ts';
import { someOf } from './use-chosen.ts';

interface CollectionMenuProps {
  dataset: Dataset;
  collection: Collection;
  actions: CollectionActions;
}

interface Entry {
  icon: Icon;
  text: string;
  run: () => unknown;
}

/** What can be done with one collection or folder. */
export function CollectionMenu({ dataset, collection, actions }: CollectionMenuProps) {
  const { t } = useTranslation(['datasets', 'common']);
  const { type, forbid } = collection;
  const isFolder = type === 'folder';
  const mayWrite = dataset.permission.hasWritePer;
  const reading: (Entry | false)[] = [
    !isFolder &&
      collection.fileId !== undefined && {
        icon: IconDownload,
        text: t('collections.original'),
        run: () => actions.openOriginal(collection),
      },
    !isFolder && {
      icon: IconFileSpreadsheet,
      text: t('collections.exportCsv'),
      run: () => actions.exportCsv(collection),
    },
  ];
  const writing: (Entry | false)[] = [
    { icon: IconPencil, text: t('common:action.rename'), run: () => actions.rename(collection) },
    { icon: IconFolderSymlink, text: t('common:action.move'), run: () => actions.move(someOf([collection])) },
    {
      icon: IconTag,
      text: t('tags.edit'),
      run: async () => {
        const dialog = await import('./tags-form.tsx');
        dialog.openTags({ title: t('tags.of', { name: collection.name }), dataset, collection, actions });
      },
    },
    canSync(type) && {
      icon: IconRefresh,
      text: t('collections.syncNow'),
      run: () => actions.sync(collection),
    },
    canReTrain(collection) && {
      icon: IconCut,
      text: t('collections.reTrain'),
      run: async () => {
        const dialog = await import('./re-train.tsx');
        dialog.openReTrain({
          title: t('reTrain.title', { name: collection.name }),
          dataset,
          collection,
          actions,
        });
      },
    },
    {
      icon: forbid ? IconEye : IconEyeOff,
      text: t(forbid ? 'collections.switchOn' : 'collections.switchOff'),
      run: () => actions.switchOn(someOf([collection]), forbid),
    },
  ];
  const item = (entry: Entry | false) =>
    entry && (
      <Menu.Item
        key={entry.text}
        leftSection={<entry.icon size={16} stroke={1.6} aria-hidden />}
        onClick={entry.run}
      >
        {entry.text}
      </Menu.Item>
    );
  if (isFolder && !mayWrite) return null;
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('moreOf', { name: collection.name })}>
          <IconDots size={18} stroke={1.6} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {reading.map(item)}
        {mayWrite && (
          <>
            {!isFolder && <Menu.Divider />}
            {writing.map(item)}
            <Menu.Divider />
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={16} stroke={1.6} aria-hidden />}
              onClick={() => actions.remove(someOf([collection]))}
            >
              {t('common:action.delete')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
