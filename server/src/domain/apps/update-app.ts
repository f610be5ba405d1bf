import type { appEndpoints } from '@lectern/contract/apps.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { toJson } from '../../store/json.ts';
import { lockRows, lockTree } from '../../store/locking.ts';
import { checkIcon } from '../avatars/check-avatar.ts';
import type { App, Caller } from '../context.ts';
import { nextUpdateTime } from '../last-change.ts';
import { authorize, requireManager } from '../policy.ts';
import { refuseCycle, requireFolder } from '../tree.ts';
import { storedType } from './app-type.ts';
import { checkDatasets, givenNodes } from './document.ts';
import { storedFacts } from './facts.ts';
import { presentApp } from './present.ts';
import { requireAppWithDraft } from './queries.ts';

type Endpoint = typeof appEndpoints.updateApp;

/**
 * Changes what is given, the draft included; what is absent stays. Moving needs the right to delete. Answers the
 * app as it was before.
 */
export async function updateApp(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'app:write');
  const { teamId } = caller;
  const { appId, parentId } = input;
  const nodes = givenNodes(input);
  const type = input.type ? storedType(input.type) : undefined;
  if (nodes) await checkDatasets(app, teamId, nodes);
  return app.store.db.transaction().execute(async (trx) => {
    if (parentId !== undefined) await lockTree(app.store, trx, `apps ${teamId}`, 'alone');
    await lockRows(app.store, trx, 'apps', teamId, [appId]);
    const before = await requireAppWithDraft(trx, teamId, appId);
    if (parentId !== undefined) {
      if (before.parentId !== parentId) requireManager(caller, 'app', before.memberId);
      await requireFolder(trx, 'apps', teamId, parentId);
      await refuseCycle(trx, 'apps', teamId, [appId], parentId);
    }
    const avatar =
      input.avatar === undefined
        ? undefined
        : await checkIcon(app, trx, caller, { before: before.avatar, given: input.avatar });
    await trx
      .updateTable('apps')
      .set({
        ...(input.name !== undefined && { name: input.name }),
        ...(avatar !== undefined && { avatar }),
        ...(input.intro !== undefined && { intro: input.intro }),
        // A folder stays one: its children would have nowhere to be.
        ...(type && before.type !== 'folder' && type !== 'folder' && { type }),
        ...(nodes && { nodes: toJson(nodes), facts: storedFacts(nodes) }),
        ...(input.edges && { edges: toJson(input.edges) }),
        ...(input.chatConfig && { chatConfig: toJson(input.chatConfig) }),
        ...(parentId !== undefined && { parentId }),
        updateTime: nextUpdateTime(before),
        updateMemberId: caller.memberId,
      })
      .where('teamId', '=', teamId)
      .where('id', '=', appId)
      .execute();
    return presentApp(caller, before);
  });
}
