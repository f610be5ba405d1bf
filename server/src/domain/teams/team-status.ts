import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { teamEndpoints } from '@lectern/contract/team.ts';
import type { App, Caller } from '../context.ts';
import { isOfLiveApp } from '../keys/queries.ts';

/** What the team has and uses, counted now; there are no limits but those of the settings. */
export async function getTeamPlanStatus(
  app: Pick<App, 'store' | 'config'>,
  caller: Caller,
): Promise<OutputOf<typeof teamEndpoints.getTeamPlanStatus>> {
  const { db } = app.store;
  const { teamId } = caller;
  const count = async (query: { executeTakeFirst(): Promise<{ n: number | string | null } | undefined> }) =>
    Number((await query.executeTakeFirst())?.n ?? 0);
  const counted = (table: 'apps' | 'datasets' | 'collections' | 'data' | 'members') =>
    db
      .selectFrom(table as 'apps')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('teamId', '=', teamId);
  const live = (table: 'apps' | 'datasets' | 'collections') =>
    (counted(table) as unknown as ReturnType<typeof counted>).where('deletedTime' as 'type', 'is', null);
  const liveChats = db
    .selectFrom('chats')
    .innerJoin('apps', 'apps.id', 'chats.appId')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('chats.teamId', '=', teamId)
    .where('apps.deletedTime', 'is', null);
  /** Few, compared with all: counting these and subtracting reads less. */
  const deletedItems = db
    .selectFrom('data')
    .innerJoin('collections', 'collections.id', 'data.collectionId')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('data.teamId', '=', teamId)
    .where('collections.deletedTime', 'is not', null);
  const [answers, training, files, items, deleted, members, apps, datasets, collections, keys, chats] =
    await Promise.all([
      count(
        db
          .selectFrom('runs')
          .select((eb) => eb.fn.sum<number>('points').as('n'))
          .where('teamId', '=', teamId),
      ),
      count(
        db
          .selectFrom('training_usage')
          .select((eb) => eb.fn.sum<number>('points').as('n'))
          .where('teamId', '=', teamId),
      ),
      count(
        db
          .selectFrom('files')
          .select((eb) => eb.fn.sum<number>('size').as('n'))
          .where('teamId', '=', teamId),
      ),
      count(counted('data')),
      count(deletedItems),
      count(counted('members').where('status' as 'type', '=', 'active')),
      count(live('apps').where('type', '!=', 'folder')),
      count(live('datasets').where('type', '!=', 'folder')),
      count(live('collections').where('type', '!=', 'folder')),
      count(
        db
          .selectFrom('api_keys')
          .select((eb) => eb.fn.countAll<number>().as('n'))
          .where('teamId', '=', teamId)
          .where(isOfLiveApp),
      ),
      count(liveChats),
    ]);
  return {
    standard: null,
    totalPoints: -1,
    usedPoints: Math.round((answers + training) * 1e4) / 1e4,
    datasetMaxSize: -1,
    usedDatasetSize: Math.max(0, items - deleted),
    usedMember: members,
    usedAppAmount: apps,
    usedDatasetAmount: datasets,
    usedCollections: collections,
    usedFileBytes: files,
    usedKeys: keys,
    maxKeysOfMemberPerApp: app.config.maxKeys,
    maxUploadFileBytes: app.config.uploadMaxBytes,
    chats,
  };
}
