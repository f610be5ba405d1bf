import { routes } from 'virtual:contract-routes';
import { createClient } from '@lectern/contract/client.ts';
import type { contract } from '@lectern/contract/contract.ts';
import { currentLang } from '../i18n/index.ts';
import { sessionEnded } from './session-ended.ts';

/** The server's endpoints, typed by the contract. The session cookie goes along by itself. */
export const api = createClient<typeof contract>(routes, {
  baseUrl: window.location.origin,
  lang: currentLang,
  onRefused: sessionEnded.learn,
});

/** The same as a program with this key calls them: the session of the console stays out of it. */
export const apiWithKey = (key: string) =>
  createClient<typeof contract>(routes, {
    baseUrl: window.location.origin,
    key,
    lang: currentLang,
    credentials: 'omit',
  });

/**
 * Whether the server has another build of the console than this page is of, as after an update. Throws a TypeError when
 * nobody answers.
 */
export async function hasOtherBuild(): Promise<boolean> {
  const own = document.querySelector('script[type="module"][src]')?.getAttribute('src');
  const response = await fetch('/', { cache: 'no-store' });
  const page = await response.text();
  return own != null && response.ok && page.includes('<script type="module"') && !page.includes(`"${own}"`);
}

/** The address programs call: the origin of this page and `/api`. */
export const apiBaseUrl = `${window.location.origin}/api`;

export type Operation = keyof typeof contract;
/** What an operation answers. */
export type Answer<O extends Operation> = Awaited<ReturnType<(typeof api)[O]>>;
/** What an operation takes. */
export type Request<O extends Operation> = Parameters<(typeof api)[O]>[0];
