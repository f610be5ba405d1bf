import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import type { AppRow, Database } from '../../store/schema.ts';
import type { App } from '../context.ts';

/** An app without its draft, which may be large. */
export type AppSummary = Omit<
  AppRow,
  'nodes' | 'edges' | 'chatConfig' | 'facts' | 'updateMemberId' | 'deletedTime' | 'deletionId'
>;

/** The columns of an {@link AppSummary}. */
export const summaryColumns = [
  'id',
  'teamId',
  'memberId',
  'parentId',
  'type',
  'name',
  'intro',
  'avatar',
  'publishedVersionId',
  'createTime',
  'updateTime',
] as const;

/** The app or folder of this team; appNotFound for anything else. */
export function requireApp(app: Pick<App, 'store'>, teamId: string, appId: string): Promise<AppSummary> {
  return requireAppIn(app.store.db, teamId, appId);
}

/** As {@link requireApp}, also inside a transaction. */
export async function requireAppIn(db: Kysely<Database>, teamId: string, appId: string): Promise<AppSummary> {
  const row = await db
    .selectFrom('apps')
    .select(summaryColumns)
    .where('teamId', '=', teamId)
    .where('id', '=', appId)
    .where('deletedTime', 'is', null)
    .executeTakeFirst();
  if (!row) throw fail('appNotFound');
  return row;
}

/** As {@link requireApp}, with the draft; also inside a transaction. */
export async function requireAppWithDraft(
  db: Kysely<Database>,
  teamId: string,
  appId: string,
): Promise<AppRow> {
  const row = await db
    .selectFrom('apps')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('id', '=', appId)
    .where('deletedTime', 'is', null)
    .executeTakeFirst();
  if (!row) throw fail('appNotFound');
  return row;
}
