import { Box, Tabs } from '@mantine/core';
import { Link, Navigate, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../api/init.ts';
import { Forbidden } from '../../ui/forbidden.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Select } from '../../ui/select.tsx';
import { usePhone } from '../../ui/use-phone.ts';
import { places } from './places.ts';

/** The frame of the settings: its parts as tabs, on a phone as a list to choose from, or a plain word to who may not be here. */
export function SettingsLayout() {
  const { t } = useTranslation(['settings', 'common']);
  const may = useMay();
  const part = useRouterState({ select: (state) => state.location.pathname.split('/')[2] ?? '' });
  const open = places.filter(({ right }) => may(right));
  const here = places.find((place) => place.part === part);
  const phone = usePhone();
  const navigate = useNavigate();
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
      {phone ? (
        <Select
          aria-label={t('common:nav.settings')}
          data={open.map(({ part: value }) => ({ value, label: t(`part.${value}`) }))}
          value={part}
          allowDeselect={false}
          onChange={(value) => {
            const place = open.find((each) => each.part === value);
            if (place) void navigate({ to: place.to });
          }}
          mb="md"
        />
      ) : (
        <Tabs value={part} mb="lg">
          <Tabs.List aria-label={t('common:nav.settings')}>
            {open.map(({ to, part: value }) => (
              <Tabs.Tab key={value} value={value} renderRoot={(props) => <Link to={to} {...props} />}>
                {t(`part.${value}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
      )}
      <Box>
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </Box>
    </Page>
  );
}
