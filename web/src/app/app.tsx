import { MantineProvider, mergeThemeOverrides } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { createQueryClient } from '../api/query-client.ts';
import { createConsoleRouter } from '../routes/index.ts';
import { Notices } from './notices.tsx';
import { cssVariables, theme } from './theme.ts';

const queryClient = createQueryClient(() => {
  if (router.state.location.pathname === '/login') return;
  const redirect = router.state.location.href;
  queryClient.clear();
  void router.navigate({ to: '/login', search: { redirect } });
});
const router = createConsoleRouter(queryClient);

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
      </QueryClientProvider>
    </MantineProvider>
  );
}
