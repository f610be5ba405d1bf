import type { appEndpoints } from '@lectern/contract/apps.ts';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { presentApp } from './present.ts';
import { requireAppWithDraft } from './queries.ts';

/** One app in full. */
export async function getApp(
  app: Pick<App, 'store'>,
  caller: Caller,
  appId: string,
): Promise<OutputOf<typeof appEndpoints.getApp>> {
  authorize(caller, 'app:read');
  return presentApp(caller, await requireAppWithDraft(app.store.db, caller.teamId, appId));
}
