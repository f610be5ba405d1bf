import type { appEndpoints } from '@lectern/contract/apps.ts';
import type { InputOf } from '@lectern/contract/endpoint.ts';
import { newId } from '../../kernel/ids.ts';
import { lockRows } from '../../store/locking.ts';
import type { App, Caller } from '../context.ts';
import { nextUpdateTime, refuseStale } from '../last-change.ts';
import { authorize } from '../policy.ts';
import { checkDatasets, givenNodes, toStored } from './document.ts';
import { storedFacts } from './facts.ts';
import { requireAppWithDraft } from './queries.ts';

/**
 * Writes the draft, keeps it as a version unless it is an automatic save, and lets that version run if asked to. With
 * `ifUpdateTime` only as long as nobody else has changed the app since (changedMeanwhile).
 */
export async function publishApp(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: InputOf<typeof appEndpoints.publishApp>,
): Promise<void> {
  authorize(caller, 'app:write');
  const { teamId, memberId } = caller;
  const nodes = givenNodes(input) ?? [];
  await checkDatasets(app, teamId, nodes);
  await app.store.db.transaction().execute(async (trx) => {
    await lockRows(app.store, trx, 'apps', teamId, [input.appId]);
    const before = await requireAppWithDraft(trx, teamId, input.appId);
    refuseStale(before, input.ifUpdateTime);
    const time = nextUpdateTime(before);
    const stored = toStored({ nodes, edges: input.edges ?? [], chatConfig: input.chatConfig ?? {} });
    const version = input.autoSave
      ? undefined
      : {
          id: newId(time),
          teamId,
          appId: before.id,
          memberId,
          name: input.versionName || new Date(time).toISOString(),
          ...stored,
          isPublish: input.isPublish ? (1 as const) : (0 as const),
          time,
        };
    if (version) await trx.insertInto('app_versions').values(version).execute();
    await trx
      .updateTable('apps')
      .set({
        ...stored,
        facts: storedFacts(nodes),
        ...(version?.isPublish && { publishedVersionId: version.id }),
        updateTime: time,
        updateMemberId: memberId,
      })
      .where('teamId', '=', teamId)
      .where('id', '=', before.id)
      .execute();
  });
}
