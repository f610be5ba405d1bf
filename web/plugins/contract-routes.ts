import { clientRoutes } from '@lectern/contract/client.ts';
import { contract } from '@lectern/contract/contract.ts';
import type { Plugin } from 'vite';

const name = 'virtual:contract-routes';

/**
 * Gives the console what the client needs of each endpoint (method, path, kind of body and answer) as a module of a
 * few kilobytes, made of the contract at build time: the contract itself, with its schemas and texts in two
 * languages, stays out of the browser.
 */
export function contractRoutes(): Plugin {
  return {
    name: 'contract-routes',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) =>
      id === `\0${name}` ? `export const routes = ${JSON.stringify(clientRoutes(contract))};` : undefined,
  };
}
