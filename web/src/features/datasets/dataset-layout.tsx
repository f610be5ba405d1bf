import { Button, Skeleton, Tabs } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams, useRouterState } from '@tanstack/react-router';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { DatasetBreadcrumbs } from './dataset-breadcrumbs.tsx';
import { UploadsElsewhere } from './import/uploads-elsewhere.tsx';
import { datasetQuery } from './queries.ts';

const tabs = [
  { to: '/datasets/$datasetId', part: 'collections', text: 'tab.collections' },
  { to: '/datasets/$datasetId/search', part: 'search', text: 'tab.search' },
  { to: '/datasets/$datasetId/quality', part: 'quality', text: 'tab.quality' },
  { to: '/datasets/$datasetId/settings', part: 'settings', text: 'tab.settings' },
] as const;

/** The frame of a dataset: its name, the way back, and its tabs around the screen of one. */
export function DatasetLayout() {
  return (
    <Suspense fallback={<Skeleton h={160} m="lg" />}>
      <Layout />
    </Suspense>
  );
}

function Layout() {
  const { t } = useTranslation('datasets');
  const { datasetId } = useParams({ from: '/shell/datasets/$datasetId' });
  const { data: dataset } = useSuspenseQuery(datasetQuery(datasetId));
  const part = useRouterState({ select: (state) => state.location.pathname.split('/')[3] || 'collections' });
  // What is imported from inside a folder goes into it.
  const folder = useRouterState({
    select: ({ location }) =>
      part === 'collections' && 'folder' in location.search ? location.search.folder : undefined,
  });
  // Whoever may only read finds the one thing of the settings that is theirs.
  const mayWrite = dataset.permission.hasWritePer;
  // Imports and single collections are parts of the tab of collections.
  const tab = tabs.find((each) => each.part === part) ?? tabs[0];
  return (
    <Page
      title={dataset.name}
      {...(dataset.intro && { text: dataset.intro })}
      above={<DatasetBreadcrumbs id={datasetId} />}
      actions={
        mayWrite &&
        part !== 'import' && (
          <Button
            leftSection={<IconUpload size={16} stroke={1.6} aria-hidden />}
            renderRoot={(props) => (
              <Link
                to="/datasets/$datasetId/import"
                params={{ datasetId }}
                search={folder ? { folder } : {}}
                {...props}
              />
            )}
          >
            {t('import.open')}
          </Button>
        )
      }
    >
      <Tabs value={tab.part}>
        <Tabs.List
          aria-label={t('tab.label')}
          style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}
        >
          {tabs.map(({ to, part: value, text }) => (
            <Tabs.Tab
              key={value}
              value={value}
              renderRoot={(props) => <Link to={to} params={{ datasetId }} {...props} />}
            >
              {t(value === 'settings' && !mayWrite ? 'tab.export' : text)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab.part} pt="md">
          {part !== 'import' && <UploadsElsewhere datasetId={datasetId} />}
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
