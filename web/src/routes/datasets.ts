import { createRoute } from '@tanstack/react-router';
import type { CollectionsSort } from '../features/datasets/queries.ts';
import { lazyPage } from './lazy-page.ts';
import { shellRoute } from './root.ts';

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** What the list of datasets shows: a folder of them, or what a word finds in all folders. */
export interface DatasetsSearch {
  folder?: string;
  find?: string;
}

const datasetsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/datasets',
  validateSearch: (search: Record<string, unknown>): DatasetsSearch => {
    const folder = textOf(search.folder);
    const find = textOf(search.find);
    return { ...(folder && { folder }), ...(find && { find }) };
  },
  component: lazyPage(() => import('../features/datasets/datasets-page.tsx'), 'DatasetsPage'),
});

const deletedDatasetsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/datasets/deleted',
  component: lazyPage(() => import('../features/deleted/deleted-page.tsx'), 'DeletedDatasetsPage'),
});

/** One dataset: its name, its tabs, and the screen of the tab. */
const datasetRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/datasets/$datasetId',
  component: lazyPage(() => import('../features/datasets/dataset-layout.tsx'), 'DatasetLayout'),
});

const sorts = ['name', 'nameDesc', 'size', 'sizeAsc', 'oldest'] as const satisfies CollectionsSort[];

/** What the table of collections shows; a page begins at 1. */
export interface CollectionsSearch {
  folder?: string;
  find?: string;
  /** Ids of tags, joined by commas. */
  tags?: string;
  state?: 'importing' | 'failed' | 'off';
  sort?: CollectionsSort;
  page?: number;
}

const collectionsRoute = createRoute({
  getParentRoute: () => datasetRoute,
  path: '/',
  validateSearch: (search: Record<string, unknown>): CollectionsSearch => {
    const folder = textOf(search.folder);
    const find = textOf(search.find);
    const tags = textOf(search.tags);
    const { state } = search;
    const page = Number(search.page);
    const sort = sorts.find((each) => each === search.sort);
    return {
      ...(folder && { folder }),
      ...(find && { find }),
      ...(tags && { tags }),
      ...(sort && { sort }),
      ...((state === 'importing' || state === 'failed' || state === 'off') && { state }),
      ...(Number.isSafeInteger(page) && page > 1 && { page }),
    };
  },
  component: lazyPage(() => import('../features/datasets/collections-page.tsx'), 'CollectionsPage'),
});

const importRoute = createRoute({
  getParentRoute: () => datasetRoute,
  path: '/import',
  validateSearch: (search: Record<string, unknown>): { folder?: string } => {
    const folder = textOf(search.folder);
    return folder ? { folder } : {};
  },
  component: lazyPage(() => import('../features/datasets/import-page.tsx'), 'ImportPage'),
});

/** What the data browser shows: a page of passages (from 1), those with a text, and the open one. */
export interface CollectionSearch {
  find?: string;
  page?: number;
  data?: string;
}

const collectionRoute = createRoute({
  getParentRoute: () => datasetRoute,
  path: '/collections/$collectionId',
  validateSearch: (search: Record<string, unknown>): CollectionSearch => {
    const find = textOf(search.find);
    const data = textOf(search.data);
    const page = Number(search.page);
    return {
      ...(find && { find }),
      ...(Number.isSafeInteger(page) && page > 0 && { page }),
      ...(data && { data }),
    };
  },
  component: lazyPage(() => import('../features/data/collection-page.tsx'), 'CollectionPage'),
});

const searchTestRoute = createRoute({
  getParentRoute: () => datasetRoute,
  path: '/search',
  validateSearch: (search: Record<string, unknown>): { q?: string } => {
    const q = textOf(search.q);
    return q ? { q } : {};
  },
  component: lazyPage(() => import('../features/search/search-page.tsx'), 'SearchPage'),
});

/** What the screen of quality shows: questions unless it says evaluations, or one of these. */
export interface QualitySearch {
  view?: 'evaluations';
  evaluation?: string;
  /** Which settings of it, or of another, are compared. */
  a?: string;
  b?: string;
}

const qualityRoute = createRoute({
  getParentRoute: () => datasetRoute,
  path: '/quality',
  validateSearch: (search: Record<string, unknown>): QualitySearch => {
    const [evaluation, a, b] = [textOf(search.evaluation), textOf(search.a), textOf(search.b)];
    return {
      ...(search.view === 'evaluations' && { view: search.view }),
      ...(evaluation && { evaluation }),
      ...(a && { a }),
      ...(b && { b }),
    };
  },
  component: lazyPage(() => import('../features/quality/quality-page.tsx'), 'QualityPage'),
});

const datasetSettingsRoute = createRoute({
  getParentRoute: () => datasetRoute,
  path: '/settings',
  component: lazyPage(() => import('../features/datasets/dataset-settings-page.tsx'), 'DatasetSettingsPage'),
});

export const datasetRoutes = [
  datasetsRoute,
  deletedDatasetsRoute,
  datasetRoute.addChildren([
    collectionsRoute,
    importRoute,
    collectionRoute,
    searchTestRoute,
    qualityRoute,
    datasetSettingsRoute,
  ]),
] as const;
