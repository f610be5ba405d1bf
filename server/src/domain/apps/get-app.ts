import type { appEndpoints } from '@lectern/contract/apps.ts';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { Kysely } from 'kysely';
import type { AppRow, Database } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { lastChangedBy } from '../last-change.ts';
import { authorize } from '../policy.ts';
import { datasetsById } from './datasets-by-id.ts';
import { fromStored } from './document.ts';
import { factsOf } from './facts.ts';
import { presentApp } from './present.ts';
import { requireAppWithDraft } from './queries.ts';

/** One app in full, the datasets that its draft names, and whether that is what runs. */
export async function getApp(
  app: Pick<App, 'store'>,
  caller: Caller,
  appId: string,
): Promise<OutputOf<typeof appEndpoints.getApp>> {
  authorize(caller, 'app:read');
  const { db } = app.store;
  const row = await requireAppWithDraft(db, caller.teamId, appId);
  const { datasetIds } = factsOf(fromStored(row).nodes);
  const known = await datasetsById(app, caller.teamId, datasetIds);
  return {
    ...presentApp(caller, row),
    datasets: datasetIds.flatMap((id) => known.get(id) ?? []),
    updatedBy: await lastChangedBy(db, row),
    ...(await presentPublished(db, row)),
  };
}

/** When the version that runs was published, and whether the draft says anything else. */
async function presentPublished(db: Kysely<Database>, row: AppRow) {
  if (row.publishedVersionId === null) return { publishedTime: null, hasUnpublishedChanges: false };
  const version = await db
    .selectFrom('app_versions')
    .select(['nodes', 'edges', 'chatConfig', 'time'])
    .where('teamId', '=', row.teamId)
    .where('appId', '=', row.id)
    .where('id', '=', row.publishedVersionId)
    .executeTakeFirst();
  if (!version) return { publishedTime: null, hasUnpublishedChanges: false };
  const same = (['nodes', 'edges', 'chatConfig'] as const).every((part) => version[part] === row[part]);
  return { publishedTime: new Date(version.time).toISOString(), hasUnpublishedChanges: !same };
}
