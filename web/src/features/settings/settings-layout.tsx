import { Box, ScrollArea, Tabs } from '@mantine/core';
import { Link, Navigate, Outlet, useRouterState } from '@tanstack/react-router';
import { Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../api/init.ts';
import { Forbidden } from '../../ui/forbidden.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { places } from './places.ts';

/** The frame of the settings: its parts as tabs, or a plain word to who may not be here. */
export function SettingsLayout() {
  const { t } = useTranslation(['settings', 'common']);
  const may = useMay();
  const part = useRouterState({ select: (state) => state.location.pathname.split('/')[2] ?? '' });
  const open = places.filter(({ right }) => may(right));
  const here = places.find((place) => place.part === part);
  const list = useRef<HTMLDivElement>(null);
  // On a phone the tabs are wider than the screen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the part is what it waits for
  useEffect(() => {
    list.current
      ?.querySelector('[aria-selected="true"]')
      ?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [part]);
  const first = open[0];
  if (!first || (here && !may(here.right))) {
    // Whoever asked for the settings as a whole gets the first part that is theirs.
    if (first && part === 'models') return <Navigate to={first.to} replace />;
    return (
      <Page title={t('common:error.forbiddenTitle')}>
        <Forbidden title={t('common:nav.settings')} />
      </Page>
    );
  }
  return (
    <Page title={t('common:nav.settings')}>
      <Tabs value={part} mb="lg">
        <ScrollArea type="never">
          <Tabs.List ref={list} aria-label={t('common:nav.settings')} style={{ flexWrap: 'nowrap' }}>
            {open.map(({ to, part: value }) => (
              <Tabs.Tab
                key={value}
                value={value}
                renderRoot={(props) => <Link to={to} {...props} />}
                style={{ whiteSpace: 'nowrap' }}
              >
                {t(`part.${value}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </ScrollArea>
      </Tabs>
      <Box>
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </Box>
    </Page>
  );
}
