import { MantineProvider, mergeThemeOverrides } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { meQuery } from '../api/me.ts';
import { createQueryClient } from '../api/query-client.ts';
import { sessionEnded } from '../api/session-ended.ts';
import { createConsoleRouter } from '../routes/index.ts';
import { leaving } from '../ui/leaving.ts';
import { Notices } from './notices.tsx';
import { cssVariables, theme } from './theme.ts';
import { Tips } from './tips.tsx';

const LogInAgain = lazy(() => import('./log-in-again.tsx'));
const queryClient = createQueryClient();
const router = createConsoleRouter(queryClient);
queryClient.getQueryCache().subscribe(() => {
  const me = queryClient.getQueryData(meQuery.queryKey);
  if (me) leaving.belongTo(me.team.tmbId);
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

/** Everything around the screens. */
export function App() {
  const { t } = useTranslation('common');
  // Every dialog's cross says what it does.
  const close = { defaultProps: { closeButtonProps: { 'aria-label': t('action.close') } } };
  const named = mergeThemeOverrides(theme, { components: { Modal: close, Drawer: close } });
  return (
    <MantineProvider theme={named} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <Notices />
        <RouterProvider router={router} />
        <SessionGuard />
        <Tips />
      </QueryClientProvider>
    </MantineProvider>
  );
}

/**
 * Over a page that was open when the session ended, the password is asked for: nothing on it is lost. Where no page is
 * open, the router leads to the login.
 */
function SessionGuard() {
  const ended = useSyncExternalStore(sessionEnded.subscribe, sessionEnded.get);
  const me = ended ? queryClient.getQueryData(meQuery.queryKey) : undefined;
  if (!me) return null;
  const goOn = async () => {
    sessionEnded.forget();
    // What was refused is asked for again; what is open stays.
    await queryClient.resetQueries({ predicate: ({ state }) => state.status === 'error' && !state.data });
    await Promise.all([queryClient.invalidateQueries(), router.invalidate()]);
  };
  return (
    <Suspense fallback={null}>
      <LogInAgain me={me} onDone={goOn} />
    </Suspense>
  );
}
