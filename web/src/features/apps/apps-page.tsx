import { Button, CloseButton, Group, SimpleGrid, Skeleton, TextInput } from '@mantine/core';
import { IconFileImport, IconFolderPlus, IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { mayEdit, useMe } from '../../api/me.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Page } from '../../ui/page.tsx';
import { useFindField } from '../../ui/use-find-field.ts';
import { DeletedLink } from '../deleted/deleted-link.tsx';
import { type AppDialog, AppDialogs } from './list/app-dialogs.tsx';
import { AppGrid } from './list/app-grid.tsx';
import { FolderPath } from './list/folder-path.tsx';
import { NoApps } from './list/no-apps.tsx';
import { appPathQuery, appsQuery } from './queries.ts';

const route = getRouteApi('/shell/apps');

/** Every app of the team, in folders. */
export function AppsPage() {
  const { t } = useTranslation('apps');
  const { folder = null, q = '' } = route.useSearch();
  const editor = mayEdit(useMe());
  const { data: apps, error, refetch } = useQuery(appsQuery(folder, q));
  const { data: path = [] } = useQuery(appPathQuery(folder));
  const [dialog, setDialog] = useState<AppDialog | null>(null);
  const current = path.at(-1);
  return (
    <Page
      title={current && q === '' ? current.parentName : t('list.title')}
      {...(current || q !== '' ? {} : { text: t('list.text') })}
      above={folder !== null && <FolderPath path={path} />}
      actions={
        <>
          <SearchField key={folder} folder={folder} q={q} />
          {editor && <NewMenu onChoose={(kind) => setDialog({ kind })} />}
        </>
      }
    >
      {error && <ErrorAlert error={error} onRetry={() => void refetch()} />}
      {!apps && !error && <LoadingCards />}
      {apps && apps.length > 0 && (
        <AppGrid apps={apps} list={`${folder} ${q}`} editor={editor} onDialog={setDialog} />
      )}
      {apps?.length === 0 && (
        <NoApps
          search={q}
          inFolder={folder !== null}
          editor={editor}
          onCreate={() => setDialog({ kind: 'create' })}
          onImport={() => setDialog({ kind: 'import' })}
        />
      )}
      {editor && <DeletedLink kind="apps" />}
      <AppDialogs dialog={dialog} folder={folder} onClose={() => setDialog(null)} />
    </Page>
  );
}

function LoadingCards() {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }} spacing="md">
      {['a', 'b', 'c'].map((key) => (
        <Skeleton key={key} h={150} />
      ))}
    </SimpleGrid>
  );
}

function SearchField({ folder, q }: { folder: string | null; q: string }) {
  const { t } = useTranslation('apps');
  const navigate = useNavigate();
  const { text, change } = useFindField(q, (next) => {
    const search = { ...(folder !== null && { folder }), ...(next !== '' && { q: next }) };
    void navigate({ to: '/apps', search, replace: true });
  });
  return (
    <TextInput
      type="search"
      aria-label={t('list.search')}
      placeholder={t('list.search')}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        text !== '' && <CloseButton size="sm" aria-label={t('list.clearSearch')} onClick={() => change('')} />
      }
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      w={{ base: '100%', xs: 240 }}
    />
  );
}

function NewMenu({ onChoose }: { onChoose: (kind: 'create' | 'import' | 'folder') => void }) {
  const { t } = useTranslation('apps');
  return (
    <Group gap="xs">
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => onChoose('create')}>
        {t('list.create')}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default">{t('list.more')}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconFileImport size={16} aria-hidden />}
            onClick={() => onChoose('import')}
          >
            {t('list.import')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconFolderPlus size={16} aria-hidden />}
            onClick={() => onChoose('folder')}
          >
            {t('list.newFolder')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
