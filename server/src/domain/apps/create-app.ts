import type { appEndpoints } from '@lectern/contract/apps.ts';
import type { InputOf } from '@lectern/contract/endpoint.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import type { WorkflowDocument } from '@lectern/contract/workflow.ts';
import { fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { lockTree } from '../../store/locking.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { storedType } from './app-type.ts';
import { checkDatasets, givenNodes, simpleDocument, toStored } from './document.ts';
import { requireAppFolder } from './queries.ts';

export type NewApp = InputOf<typeof appEndpoints.createApp>;

const untitled = { en: 'Untitled app', zh: '未命名应用' };

/** Makes an app and its first published version (a folder has none); answers its id. */
export async function createApp(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: NewApp,
  lang: Lang = 'en',
): Promise<string> {
  authorize(caller, 'app:write');
  const { teamId, memberId } = caller;
  const isWorkflow = givenNodes(input) !== undefined || input.workflow !== undefined;
  const name = input.name ?? (isWorkflow ? untitled[lang] : undefined);
  if (name === undefined) throw fail('missingParams', { params: { field: 'name' }, param: 'name' });
  const type = typeOf(input, isWorkflow);
  const document = documentOf(input, type, lang);
  await checkDatasets(app, teamId, document.nodes);
  const now = Date.now();
  const id = newId(now);
  const versionId = type === 'folder' ? null : newId(now);
  const parentId = input.parentId ?? null;
  const stored = toStored(document);
  await app.store.db.transaction().execute(async (trx) => {
    if (parentId !== null) await lockTree(app.store, trx, `apps ${teamId}`, 'together');
    await requireAppFolder(trx, teamId, parentId);
    await trx
      .insertInto('apps')
      .values({
        id,
        teamId,
        memberId,
        parentId,
        type,
        name,
        intro: input.intro ?? '',
        avatar: input.avatar ?? '',
        ...stored,
        publishedVersionId: versionId,
        createTime: now,
        updateTime: now,
      })
      .execute();
    if (versionId === null) return;
    await trx
      .insertInto('app_versions')
      .values({ id: versionId, teamId, appId: id, memberId, name, ...stored, isPublish: 1, time: now })
      .execute();
  });
  return id;
}

function typeOf(input: NewApp, isWorkflow: boolean): string {
  if (input.type) return storedType(input.type);
  if (input.simple) return 'simple';
  if (isWorkflow) return 'advanced';
  throw fail('missingParams', { params: { field: 'type' }, param: 'type' });
}

function documentOf(input: NewApp, type: string, lang: Lang): WorkflowDocument {
  const given = input.workflow ?? input;
  const nodes = givenNodes(given);
  if (nodes)
    return { nodes, edges: given.edges ?? [], chatConfig: given.chatConfig ?? input.chatConfig ?? {} };
  if (type === 'folder') return { nodes: [], edges: [], chatConfig: {} };
  if (type === 'simple') return simpleDocument(input, lang);
  throw fail('missingParams', { params: { field: 'modules' }, param: 'modules' });
}
