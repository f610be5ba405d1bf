import type { Page } from 'playwright-core';
import type { Content } from './content.ts';

/** One screen to take a picture of. */
export interface Shot {
  /** Of the file, before language and colours. */
  name: string;
  path(content: Content): string;
  /** What is done on it before the picture. */
  prepare?(page: Page): Promise<void>;
  loggedOut?: true;
  /** As a phone shows it. */
  phone?: true;
}

export const phone = { width: 390, height: 844 };

const press = (page: Page, key: string) => page.keyboard.press(key);

/** Every screen, in the order of the navigation. */
export const shots: readonly Shot[] = [
  { name: 'login', path: () => '/login', loggedOut: true },
  { name: 'welcome', path: () => '/welcome' },
  { name: 'chat', path: ({ appId, chatId }) => `/chat/${appId}/${chatId}` },
  { name: 'chat-new', path: ({ appId }) => `/chat/${appId}` },
  {
    name: 'chat-citation',
    path: ({ appId, chatId }) => `/chat/${appId}/${chatId}`,
    prepare: async (page) => {
      await page
        .getByRole('button', { name: /^(Source|来源|出处)/ })
        .first()
        .click();
    },
  },
  { name: 'apps', path: () => '/apps' },
  {
    name: 'app-delete',
    path: () => '/apps',
    prepare: async (page) => {
      await page
        .getByRole('button', { name: /^Actions for | 的操作$/ })
        .first()
        .click();
      await page.getByRole('menuitem', { name: /^(Delete|删除)$/ }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'apps-deleted', path: () => '/apps/deleted' },
  { name: 'app', path: ({ appId }) => `/apps/${appId}` },
  { name: 'app-api', path: ({ appId }) => `/apps/${appId}/api` },
  { name: 'datasets', path: () => '/datasets' },
  { name: 'datasets-deleted', path: () => '/datasets/deleted' },
  { name: 'dataset', path: ({ datasetId }) => `/datasets/${datasetId}` },
  { name: 'dataset-import', path: ({ datasetId }) => `/datasets/${datasetId}/import` },
  {
    name: 'dataset-data',
    path: ({ datasetId, collectionId }) => `/datasets/${datasetId}/collections/${collectionId}`,
  },
  {
    name: 'dataset-passage',
    path: ({ datasetId, collectionId, dataId }) =>
      `/datasets/${datasetId}/collections/${collectionId}?data=${dataId}`,
    prepare: (page) => page.getByRole('dialog').getByRole('textbox').first().waitFor(),
  },
  {
    name: 'dataset-search',
    path: ({ datasetId }) => `/datasets/${datasetId}/search`,
    prepare: async (page) => {
      await page.locator('textarea').first().fill('E3');
      await press(page, 'Enter');
    },
  },
  { name: 'dataset-quality', path: ({ datasetId }) => `/datasets/${datasetId}/quality` },
  { name: 'dataset-evaluations', path: ({ datasetId }) => `/datasets/${datasetId}/quality?view=evaluations` },
  {
    name: 'dataset-comparison',
    path: ({ datasetId, evaluationId: id }) =>
      `/datasets/${datasetId}/quality?view=evaluations&evaluation=${id}&a=${id}.0&b=${id}.1`,
  },
  { name: 'dataset-settings', path: ({ datasetId }) => `/datasets/${datasetId}/settings` },
  { name: 'jobs', path: () => '/jobs' },
  { name: 'api-keys', path: () => '/api-keys' },
  {
    name: 'api-docs',
    path: () => '/api-docs',
    prepare: async (page) => {
      await page.frameLocator('iframe').getByRole('heading').nth(2).waitFor();
    },
  },
  { name: 'settings-models', path: () => '/settings/models' },
  { name: 'settings-members', path: () => '/settings/members' },
  { name: 'settings-team', path: () => '/settings/team' },
  { name: 'settings-audit', path: () => '/settings/audit' },
  { name: 'settings-system', path: () => '/settings/system' },
  { name: 'settings-backups', path: () => '/settings/backups' },
  { name: 'settings-about', path: () => '/settings/about' },
  { name: 'account', path: () => '/account' },
  {
    name: 'messages',
    path: () => '/jobs',
    prepare: async (page) => {
      await page.getByRole('button', { name: /^(Messages, |消息，)/ }).click();
      await page
        .getByRole('dialog')
        .getByText(/^(Messages|消息)$/)
        .waitFor();
    },
  },
  { name: 'phone-chat', path: ({ appId, chatId }) => `/chat/${appId}/${chatId}`, phone: true },
  { name: 'phone-dataset', path: ({ datasetId }) => `/datasets/${datasetId}`, phone: true },
];
