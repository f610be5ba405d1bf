import type { appEndpoints } from '@lectern/contract/apps.ts';
import type { InputOf } from '@lectern/contract/endpoint.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import type { WorkflowDocument } from '@lectern/contract/workflow.ts';
import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { lockTree } from '../../store/locking.ts';
import type { Database } from '../../store/schema.ts';
import { checkIcon } from '../avatars/check-avatar.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { requireFolder } from '../tree.ts';
import { storedType } from './app-type.ts';
import { checkDatasets, givenNodes, simpleDocument, toStored } from './document.ts';
import { storedFacts } from './facts.ts';

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
  const { teamId } = caller;
  const isWorkflow = givenNodes(input) !== undefined || input.workflow !== undefined;
  const name = input.name ?? (isWorkflow ? untitled[lang] : undefined);
  if (name === undefined) throw fail('missingParams', { params: { field: 'name' }, param: 'name' });
  const type = typeOf(input, isWorkflow);
  const document = documentOf(input, type, lang);
  await checkDatasets(app, teamId, document.nodes);
  return app.store.db.transaction().execute(async (trx) => {
    if (parentIdOf(input) !== null) await lockTree(app.store, trx, `apps ${teamId}`, 'together');
    return await insertApp(trx, caller, {
      type,
      name,
      parentId: parentIdOf(input),
      intro: input.intro ?? '',
      avatar: await checkIcon(app, trx, caller, { before: '', given: input.avatar ?? '' }),
      draft: document,
      published: type === 'folder' ? undefined : document,
    });
  });
}

const parentIdOf = (input: NewApp) => input.parentId ?? null;

/** An app about to be stored. */
interface AppToInsert {
  type: string;
  name: string;
  /** Checked here: parentNotFound when the team has no such folder. */
  parentId: string | null;
  intro: string;
  avatar: string;
  draft: WorkflowDocument;
  /** What runs; a folder has none. */
  published: WorkflowDocument | undefined;
}

/** Stores an app with its first published version and answers its id. */
export async function insertApp(
  trx: Kysely<Database>,
  { teamId, memberId }: Caller,
  { draft, published, ...columns }: AppToInsert,
): Promise<string> {
  await requireFolder(trx, 'apps', teamId, columns.parentId);
  const now = Date.now();
  const id = newId(now);
  const versionId = published ? newId(now) : null;
  await trx
    .insertInto('apps')
    .values({
      id,
      teamId,
      memberId,
      ...columns,
      ...toStored(draft),
      facts: storedFacts(draft.nodes),
      publishedVersionId: versionId,
      createTime: now,
      updateTime: now,
    })
    .execute();
  if (published && versionId !== null)
    await trx
      .insertInto('app_versions')
      .values({
        id: versionId,
        teamId,
        appId: id,
        memberId,
        name: columns.name,
        ...toStored(published),
        isPublish: 1,
        time: now,
      })
      .execute();
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
