import type { sourceEndpoints } from '@lectern/contract/collection-sources.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { checkedWebAddress } from '../web/address.ts';
import { createFetchedCollection } from './create-fetched.ts';

type Endpoint = typeof sourceEndpoints.createLinkCollection;

/** Makes a collection of a page of the web. It is called as its link until the page is read. */
export async function createLinkCollection(
  app: Pick<App, 'store' | 'jobs' | 'guard' | 'parser' | 'models'>,
  caller: Caller,
  input: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:write');
  const rawLink = checkedWebAddress(app, 'link', input.link);
  const named = { ...input, name: input.name ?? rawLink };
  return await createFetchedCollection(app, caller, named, { type: 'link', rawLink });
}
