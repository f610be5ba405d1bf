import { Anchor, Breadcrumbs, Button, Group, Skeleton, Stack, TextInput } from '@mantine/core';
import { IconDatabase, IconFolderPlus, IconPlus, IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { mayEdit, useMe } from '../../api/me.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { OfBefore } from '../../ui/of-before.tsx';
import { Page } from '../../ui/page.tsx';
import { useFindField } from '../../ui/use-find-field.ts';
import { DeletedLink } from '../deleted/deleted-link.tsx';
import { ArchivesOnTheWay } from './archives-on-the-way.tsx';
import { useDatasetActions } from './dataset-actions.ts';
import { DatasetTable } from './dataset-table.tsx';
import { datasetPathQuery, datasetsQuery } from './queries.ts';
import { SelectionBar } from './selection-bar.tsx';
import { useSelection } from './use-selection.ts';

/** All datasets and their folders. */
export function DatasetsPage() {
  const { t } = useTranslation('datasets');
  const { folder, find } = useSearch({ from: '/shell/datasets' });
  const path = useQuery(datasetPathQuery(folder, 'current'));
  const may = mayEdit(useMe());
  const navigate = useNavigate();
  const actions = useDatasetActions();
  const [creating, setCreating] = useState(false);
  const create = async () => {
    const dialog = await import('./create-dataset.tsx');
    setCreating(true);
    dialog.openCreateDataset({
      title: t('create.title'),
      parentId: folder,
      onClose: () => setCreating(false),
      onRestoring: () => navigate({ to: '/jobs' }),
      onCreated: (datasetId, type) =>
        navigate({
          to: type === 'dataset' ? '/datasets/$datasetId/import' : '/datasets/$datasetId',
          params: { datasetId },
        }),
    });
  };
  const here = path.data?.at(-1);
  return (
    <Page
      title={here?.parentName ?? t('title')}
      {...(!folder && { text: t('intro') })}
      above={folder && <FolderPath path={path.data?.slice(0, -1) ?? []} />}
      actions={
        may && (
          <>
            <Button
              variant="default"
              leftSection={<IconFolderPlus size={16} stroke={1.6} aria-hidden />}
              onClick={() => actions.newFolder(folder)}
            >
              {t('folder.new')}
            </Button>
            <Button leftSection={<IconPlus size={16} stroke={1.6} aria-hidden />} onClick={create}>
              {t('create.open')}
            </Button>
          </>
        )
      }
    >
      {/* The dialog shows its archive itself. */}
      {!creating && <ArchivesOnTheWay />}
      <DatasetList folder={folder} find={find} may={may} onCreate={create} />
      {may && <DeletedLink kind="datasets" />}
    </Page>
  );
}

function FolderPath({ path }: { path: readonly { parentId: string; parentName: string }[] }) {
  const { t } = useTranslation('datasets');
  return (
    <Breadcrumbs separatorMargin={6} component="nav" aria-label={t('path')}>
      <Anchor size="sm" renderRoot={(props) => <Link to="/datasets" {...props} />}>
        {t('title')}
      </Anchor>
      {path.map(({ parentId, parentName }) => (
        <Anchor
          key={parentId}
          size="sm"
          maw={220}
          truncate
          renderRoot={(props) => <Link to="/datasets" search={{ folder: parentId }} {...props} />}
        >
          {parentName}
        </Anchor>
      ))}
    </Breadcrumbs>
  );
}

interface DatasetListProps {
  folder: string | undefined;
  find: string | undefined;
  may: boolean;
  onCreate: () => void;
}

function DatasetList({ folder, find, may, onCreate }: DatasetListProps) {
  const { t } = useTranslation('datasets');
  const datasets = useQuery({ ...datasetsQuery(folder, find), placeholderData: keepPreviousData });
  const actions = useDatasetActions();
  const selection = useSelection(datasets.data?.map(({ _id }) => _id) ?? []);
  const chosen = datasets.data?.filter(({ _id }) => selection.has(_id)) ?? [];
  if (datasets.isPending) return <Skeleton h={240} />;
  if (datasets.error) return <ErrorAlert error={datasets.error} onRetry={() => datasets.refetch()} />;
  const empty = datasets.data.length === 0;
  return (
    <Stack gap="sm">
      {!(empty && !find && !folder) && <Find key={folder} folder={folder} find={find} />}
      <SelectionBar count={chosen.length} onClear={selection.clear}>
        <Button size="xs" variant="default" onClick={() => actions.move(chosen, selection.clear)}>
          {t('action.move', { ns: 'common' })}
        </Button>
        <Button size="xs" variant="default" c="red" onClick={() => actions.remove(chosen, selection.clear)}>
          {t('action.delete', { ns: 'common' })}
        </Button>
      </SelectionBar>
      {empty ? (
        <EmptyState
          icon={find ? IconSearch : IconDatabase}
          title={t(find ? 'empty.foundTitle' : folder ? 'empty.folderTitle' : 'empty.title')}
          text={t(find ? 'empty.found' : folder ? 'empty.folder' : 'empty.text')}
        >
          {may && !find && <Button onClick={onCreate}>{t(folder ? 'create.open' : 'empty.first')}</Button>}
        </EmptyState>
      ) : (
        <OfBefore when={datasets.isPlaceholderData}>
          <DatasetTable
            datasets={datasets.data}
            list={`${folder ?? ''} ${find ?? ''}`}
            selection={selection}
            actions={actions}
            mayEdit={may}
            ofBefore={datasets.isPlaceholderData}
          />
        </OfBefore>
      )}
    </Stack>
  );
}

function Find({ folder, find }: { folder: string | undefined; find: string | undefined }) {
  const { t } = useTranslation('datasets');
  const navigate = useNavigate({ from: '/datasets' });
  const { text, change } = useFindField(find ?? '', (next) => {
    void navigate({ search: { ...(folder && { folder }), ...(next && { find: next }) }, replace: true });
  });
  return (
    <Group>
      <TextInput
        w={{ base: '100%', sm: 320 }}
        type="search"
        aria-label={t('find.label')}
        placeholder={t('find.label')}
        leftSection={<IconSearch size={16} stroke={1.6} aria-hidden />}
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
      />
    </Group>
  );
}
