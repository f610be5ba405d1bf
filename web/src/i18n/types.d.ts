import type account from '../locales/en/account.json';
import type api from '../locales/en/api.json';
import type apps from '../locales/en/apps.json';
import type audit from '../locales/en/audit.json';
import type chat from '../locales/en/chat.json';
import type common from '../locales/en/common.json';
import type data from '../locales/en/data.json';
import type datasets from '../locales/en/datasets.json';
import type deleted from '../locales/en/deleted.json';
import type jobs from '../locales/en/jobs.json';
import type quality from '../locales/en/quality.json';
import type search from '../locales/en/search.json';
import type settings from '../locales/en/settings.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: {
      account: typeof account;
      api: typeof api;
      apps: typeof apps;
      audit: typeof audit;
      chat: typeof chat;
      common: typeof common;
      data: typeof data;
      datasets: typeof datasets;
      deleted: typeof deleted;
      jobs: typeof jobs;
      quality: typeof quality;
      search: typeof search;
      settings: typeof settings;
    };
  }
}
