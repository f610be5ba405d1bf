import type { QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { Loading } from '../ui/loading.tsx';
import { NotFound } from '../ui/not-found.tsx';
import { RouteError } from '../ui/route-error.tsx';
import { accountRoutes, loginRoute } from './account.ts';
import { apiRoutes } from './api.ts';
import { appRoutes } from './apps.ts';
import { chatRoutes } from './chat.ts';
import { datasetRoutes } from './datasets.ts';
import { jobRoutes } from './jobs.ts';
import { homeRoute, nowhereRoute, rootRoute, shellRoute } from './root.ts';
import { settingsRoutes } from './settings.ts';
import { welcomeRoute } from './welcome.ts';

const routeTree = rootRoute.addChildren([
  loginRoute,
  welcomeRoute,
  shellRoute.addChildren([
    homeRoute,
    ...chatRoutes,
    ...appRoutes,
    ...datasetRoutes,
    ...jobRoutes,
    ...apiRoutes,
    ...settingsRoutes,
    ...accountRoutes,
    nowhereRoute,
  ]),
]);

/** The addresses of the console; each loads its screen when it is first opened, or when its link is hovered. */
export const createConsoleRouter = (queryClient: QueryClient) =>
  createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultPendingComponent: Loading,
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: RouteError,
    scrollRestoration: true,
  });
