import { createRoute } from '@tanstack/react-router';
import { lazyPage } from './lazy-page.ts';
import { shellRoute } from './root.ts';

/** Which jobs the history shows; a page begins at 1. */
export interface JobsSearch {
  state?: 'done' | 'failed' | 'cancelled';
  kind?: string;
  dataset?: string;
  page?: number;
}

const jobsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/jobs',
  validateSearch: (search: Record<string, unknown>): JobsSearch => {
    const { state, kind, dataset } = search;
    const page = Number(search.page);
    return {
      ...((state === 'done' || state === 'failed' || state === 'cancelled') && { state }),
      ...(typeof kind === 'string' && kind !== '' && { kind }),
      ...(typeof dataset === 'string' && /^[0-9a-f]{24}$/.test(dataset) && { dataset }),
      ...(Number.isSafeInteger(page) && page > 1 && { page }),
    };
  },
  component: lazyPage(() => import('../features/jobs/jobs-page.tsx'), 'JobsPage'),
});

export const jobRoutes = [jobsRoute] as const;
