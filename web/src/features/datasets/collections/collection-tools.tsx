import { Button, Group, Skeleton, TextInput } from '@mantine/core';
import { IconChevronDown, IconFolderPlus, IconPencilPlus, IconSearch, IconTags } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { CollectionsSearch } from '../../../routes/datasets.ts';
import { Menu } from '../../../ui/menu.tsx';
import { Select } from '../../../ui/select.tsx';
import { useFindField } from '../../../ui/use-find-field.ts';
import { type Dataset, tagsQuery } from '../queries.ts';
import { useCollectionActions } from './collection-actions.ts';

// Few datasets have tags.
const TagFilter = lazy(async () => ({ default: (await import('./tag-filter.tsx')).TagFilter }));

interface CollectionToolsProps {
  dataset: Dataset;
  search: CollectionsSearch;
}

/** Finding and filtering collections, and making folders, tags and empty collections. */
export function CollectionTools({ dataset, search }: CollectionToolsProps) {
  const { t } = useTranslation('datasets');
  const navigate = useNavigate({ from: '/datasets/$datasetId' });
  const tags = useQuery(tagsQuery(dataset._id));
  const chosen = search.tags?.split(',') ?? [];
  const set = (change: { find?: string; tags?: string; state?: string }) => {
    const { page: _, ...kept } = { ...search, ...change };
    const entries = Object.entries(kept).filter(([, value]) => value);
    void navigate({ search: Object.fromEntries(entries) as CollectionsSearch, replace: true });
  };
  return (
    <Group gap="sm" justify="space-between">
      <Group gap="sm" flex="1 1 320px">
        <Find key={search.folder} found={search.find ?? ''} onFind={(find) => set({ find })} />
        {((tags.data?.length ?? 0) > 0 || chosen.length > 0) && (
          <Suspense fallback={<Skeleton w={{ base: '100%', sm: 240 }} h={36} />}>
            <TagFilter
              tags={tags.data ?? []}
              chosen={chosen}
              onChange={(value) => set({ tags: value.join(',') })}
            />
          </Suspense>
        )}
        <Select
          aria-label={t('collections.filterState')}
          placeholder={t('collections.filterState')}
          w={{ base: '100%', sm: 150 }}
          clearable
          value={search.state ?? null}
          data={[
            { value: 'importing', label: t('collectionState.running') },
            { value: 'failed', label: t('collectionState.failed') },
            { value: 'off', label: t('collectionState.off') },
          ]}
          onChange={(state) => set({ state: state ?? '' })}
        />
      </Group>
      {dataset.permission.hasWritePer && <MakeMenu dataset={dataset} folder={search.folder} />}
    </Group>
  );
}

function Find({ found, onFind }: { found: string; onFind: (find: string) => void }) {
  const { t } = useTranslation('datasets');
  const { text, change } = useFindField(found, onFind);
  return (
    <TextInput
      type="search"
      w={{ base: '100%', sm: 260 }}
      aria-label={t('find.label')}
      placeholder={t('find.label')}
      leftSection={<IconSearch size={16} stroke={1.6} aria-hidden />}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}

function MakeMenu({ dataset, folder }: { dataset: Dataset; folder: string | undefined }) {
  const { t } = useTranslation('datasets');
  const actions = useCollectionActions(dataset);
  const navigate = useNavigate();
  const datasetId = dataset._id;
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={16} stroke={1.6} aria-hidden />}>
          {t('collections.organise')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconFolderPlus size={16} stroke={1.6} aria-hidden />}
          onClick={() => actions.newFolder(folder)}
        >
          {t('folder.new')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconPencilPlus size={16} stroke={1.6} aria-hidden />}
          onClick={() =>
            actions.newEmpty(folder, (collectionId) =>
              navigate({
                to: '/datasets/$datasetId/collections/$collectionId',
                params: { datasetId, collectionId },
              }),
            )
          }
        >
          {t('collections.newEmpty')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconTags size={16} stroke={1.6} aria-hidden />}
          onClick={async () => {
            const dialog = await import('./tag-manager.tsx');
            dialog.openTagManager(t('tags.manage'), datasetId);
          }}
        >
          {t('tags.manage')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
