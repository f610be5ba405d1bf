import type { sourceEndpoints } from '@lectern/contract/collection-sources.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { checkedWebAddress } from '../web/address.ts';
import { createFetchedCollection } from './create-fetched.ts';

type Endpoint = typeof sourceEndpoints.createExternalFileCollection;

/** Makes a collection of a file that is named by its address. */
export async function createExternalFileCollection(
  app: Pick<App, 'store' | 'jobs' | 'guard' | 'parser' | 'models'>,
  caller: Caller,
  input: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:write');
  const externalFileUrl = checkedWebAddress(app, 'externalFileUrl', input.externalFileUrl);
  const named = { ...input, name: input.filename ?? input.name ?? externalFileUrl };
  const source = {
    type: 'externalFile',
    externalFileUrl,
    externalFileId: input.externalFileId ?? null,
  } as const;
  return await createFetchedCollection(app, caller, named, source);
}
