import { AppShell, Box, Burger, Group, NavLink, Stack, Text, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../api/me.ts';
import { JobsBadge } from '../features/jobs/jobs-badge.tsx';
import { Loading } from '../ui/loading.tsx';
import { AccountMenu } from './account-menu.tsx';
import { Dialogs } from './dialogs.tsx';
import { LanguageMenu } from './language-menu.tsx';
import { Mark } from './mark.tsx';
import { places } from './navigation.ts';
import { SchemeToggle } from './scheme-toggle.tsx';

// Nobody waits for messages: they come after the first screen.
const InformMenu = lazy(() => import('./inform-menu.tsx').then((module) => ({ default: module.InformMenu })));

/** The frame of every screen behind the login: navigation, language, colours, account; and its dialogs. */
export function Shell() {
  return (
    <>
      <Frame />
      <Dialogs />
    </>
  );
}

function Frame() {
  const { t } = useTranslation('common');
  const [opened, { toggle, close }] = useDisclosure(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // On a phone the navigation covers the page: going somewhere closes it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is what it waits for
  useEffect(close, [path]);
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={0}
    >
      <a className="skip-link" href="#content">
        {t('nav.skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={opened ? t('nav.close') : t('nav.open')}
            />
            <Link to="/" style={{ textDecoration: 'none', color: 'inherit' }}>
              <Group gap={8} wrap="nowrap">
                <Mark size={26} />
                <Text fw={700} size="lg">
                  {t('product')}
                </Text>
              </Group>
            </Link>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Suspense fallback={<Box w={34} h={34} />}>
              <InformMenu />
            </Suspense>
            <LanguageMenu />
            <SchemeToggle />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t('nav.label')}>
        <AppShell.Section grow style={{ overflowY: 'auto' }}>
          <Places path={path} />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} style={{ outline: 'none' }}>
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </AppShell.Main>
    </AppShell>
  );
}

function Places({ path }: { path: string }) {
  const { t } = useTranslation('common');
  const me = useMe();
  return (
    <Stack gap={2}>
      {places
        .filter((place) => place.may(me))
        .map(({ to, text, icon: Icon }) => {
          const active = path === to || path.startsWith(`${to}/`);
          return (
            <NavLink
              key={to}
              renderRoot={(props) => <Link to={to} {...props} />}
              active={active}
              aria-current={active ? 'page' : undefined}
              label={t(text)}
              leftSection={<Icon size={18} stroke={1.6} aria-hidden />}
              rightSection={to === '/jobs' && <JobsBadge />}
              style={{ borderRadius: 'var(--mantine-radius-md)' }}
            />
          );
        })}
      <VisuallyHidden>{me.team.teamName}</VisuallyHidden>
    </Stack>
  );
}
