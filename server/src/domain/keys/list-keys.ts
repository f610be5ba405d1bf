import { fail } from '../../kernel/errors.ts';
import { containsText } from '../../store/contains.ts';
import type { App, Caller } from '../context.ts';
import { may } from '../policy.ts';
import { labelsOf } from './labels.ts';
import { presentKey } from './present.ts';
import { appExists } from './queries.ts';

/** Which keys, and in which order: newest first when nothing is said. */
export interface KeyQuery {
  appId?: string | undefined;
  /** Of both kinds; without it and without an app, the global ones. */
  all?: boolean | undefined;
  keyword?: string | undefined;
  /** Those with one of these labels. */
  labels?: string[] | undefined;
  sortBy?: 'createTime' | 'lastUsedTime' | 'remainingPoints' | undefined;
}

type Shown = ReturnType<typeof presentKey>;

const remaining = ({ limit, usagePoints }: Shown) =>
  limit.maxUsagePoints < 0 ? Number.POSITIVE_INFINITY : limit.maxUsagePoints - usagePoints;

const compare: Record<'lastUsedTime' | 'remainingPoints', (a: Shown, b: Shown) => number> = {
  lastUsedTime: (a, b) => (b.lastUsedTime ?? '').localeCompare(a.lastUsedTime ?? ''),
  // Two unlimited ones would be NaN apart.
  remainingPoints: (a, b) => (remaining(a) === remaining(b) ? 0 : remaining(a) - remaining(b)),
};

/** Keys of an app, the global ones, or all. Managers see the whole team's, others their own. Throws appNotFound. */
export async function listKeys(app: Pick<App, 'store' | 'keyUsage'>, caller: Caller, of: KeyQuery) {
  const { db } = app.store;
  const { appId, keyword, labels, sortBy } = of;
  if (appId !== undefined && !(await appExists(db, caller.teamId, appId))) throw fail('appNotFound');
  let query = db
    .selectFrom('api_keys')
    .leftJoin('members', (join) =>
      join.onRef('members.id', '=', 'api_keys.memberId').onRef('members.teamId', '=', 'api_keys.teamId'),
    )
    .leftJoin('apps', (join) =>
      join.onRef('apps.id', '=', 'api_keys.appId').onRef('apps.teamId', '=', 'api_keys.teamId'),
    )
    .selectAll('api_keys')
    .select(['apps.name as appName', 'members.name as memberName', 'members.status as memberStatus'])
    .where('api_keys.teamId', '=', caller.teamId)
    .where('apps.deletedTime', 'is', null);
  if (!may(caller, 'key:manageAll')) query = query.where('api_keys.memberId', '=', caller.memberId);
  if (appId !== undefined) query = query.where('api_keys.appId', '=', appId);
  else if (!of.all) query = query.where('api_keys.appId', 'is', null);
  if (keyword?.trim()) query = query.where((eb) => containsText(eb.ref('api_keys.name'), keyword.trim()));
  const rows = await query.orderBy('api_keys.createTime', 'desc').orderBy('api_keys.id', 'desc').execute();
  const known = await labelsOf(db, caller.teamId);
  const keys = rows.map((row) => presentKey(row, { usage: app.keyUsage, labels: known, now: Date.now() }));
  const wanted = labels ? keys.filter(({ tags }) => tags.some(({ _id }) => labels.includes(_id))) : keys;
  return sortBy === undefined || sortBy === 'createTime' ? wanted : wanted.toSorted(compare[sortBy]);
}
