import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { pageOf } from '@lectern/contract/fields.ts';
import type { Lang, Text } from '@lectern/contract/lang.ts';
import type { teamEndpoints } from '@lectern/contract/team.ts';
import type { JobError } from '../../jobs/failure.ts';
import { fromJson } from '../../store/json.ts';
import type { App, Caller } from '../context.ts';
import { type FoundJob, internalKinds, selectJobs } from '../jobs/queries.ts';
import { isOfLiveApp } from '../keys/queries.ts';
import { may } from '../policy.ts';

/*
 * Messages are not stored: each is seen from what it is about, and is gone when that is mended. Only who has read which
 * is kept.
 */

type List = typeof teamEndpoints.listInforms;
type Item = OutputOf<List>['list'][number];
interface Inform extends Omit<Item, 'title' | 'content' | 'time' | 'read'> {
  title: Text;
  content: Text;
  time: number;
}

const day = 24 * 60 * 60_000;
const jobsBack = 30 * day;
const keysAhead = 7 * day;
const keysBack = 30 * day;
const mostJobs = 200;

/** What the member should know of, the latest first. */
export async function listInforms(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: InputOf<List>,
  lang: Lang,
): Promise<OutputOf<List>> {
  const [informs, read] = await Promise.all([allInforms(app, caller), readBy(app, caller)]);
  const { offset, limit } = pageOf(input, 20);
  const list = informs.slice(offset, offset + limit).map(({ title, content, time, ...rest }) => ({
    ...rest,
    title: title[lang],
    content: content[lang],
    time: new Date(time).toISOString(),
    read: read.has(rest._id),
  }));
  return { list, total: informs.length, unread: informs.filter(({ _id }) => !read.has(_id)).length };
}

/** Notes that the member has read a message, or all. What is no message of theirs is left alone. */
export async function readInform(
  app: Pick<App, 'store'>,
  caller: Caller,
  id: string | undefined,
): Promise<void> {
  const informs = await allInforms(app, caller);
  const seen = informs.filter(({ _id }) => id === undefined || _id === id);
  if (seen.length === 0) return;
  const { memberId } = caller;
  const time = Date.now();
  await app.store.db
    .insertInto('informs_read')
    .values(seen.map(({ _id }) => ({ memberId, informId: _id, time })))
    .onConflict((conflict) => conflict.columns(['memberId', 'informId']).doNothing())
    .execute();
  await app.store.db
    .deleteFrom('informs_read')
    .where('memberId', '=', memberId)
    .where('time', '<', time - 4 * jobsBack)
    .execute();
}

async function readBy(app: Pick<App, 'store'>, { memberId }: Caller): Promise<Set<string>> {
  const rows = await app.store.db
    .selectFrom('informs_read')
    .select('informId')
    .where('memberId', '=', memberId)
    .execute();
  return new Set(rows.map(({ informId }) => informId));
}

async function allInforms(app: Pick<App, 'store'>, caller: Caller): Promise<Inform[]> {
  const [jobs, keys] = await Promise.all([failedJobs(app, caller), endingKeys(app, caller)]);
  return [...jobs, ...keys].sort((a, b) => b.time - a.time);
}

async function failedJobs(app: Pick<App, 'store'>, caller: Caller): Promise<Inform[]> {
  if (!may(caller, 'dataset:write')) return [];
  const rows = await selectJobs(app.store.db, caller.teamId)
    .where('jobs.state', '=', 'failed')
    .where('jobs.kind', 'not in', internalKinds)
    .where('jobs.updateTime', '>', Date.now() - jobsBack)
    .orderBy('jobs.updateTime', 'desc')
    .limit(mostJobs)
    .execute();
  return rows.map((job) => {
    const time = Number(job.endTime ?? job.updateTime);
    return {
      // A job that is tried again and fails again is another message.
      _id: `job-${job.id}-${time.toString(36)}`,
      level: 'important',
      title: titleOf(job),
      content: textOf(job),
      time,
      about: { type: 'job', id: job.id },
    };
  });
}

function titleOf({ kind, collectionName, datasetName }: FoundJob): Text {
  const name = collectionName ?? datasetName;
  if (kind === 'import' && name !== null) {
    return { en: `${name} could not be imported`, zh: `${name} 导入失败` };
  }
  if (name === null) return { en: 'A job failed', zh: '任务失败' };
  return { en: `A job of ${name} failed`, zh: `${name} 的任务失败` };
}

function textOf({ error }: FoundJob): Text {
  const told = fromJson<JobError | undefined>(error, undefined);
  return { en: told?.en ?? '', zh: told?.zh ?? '' };
}

async function endingKeys(app: Pick<App, 'store'>, caller: Caller): Promise<Inform[]> {
  const now = Date.now();
  const rows = await app.store.db
    .selectFrom('api_keys')
    .select(['id', 'name', 'expiredTime'])
    .where('teamId', '=', caller.teamId)
    .where('memberId', '=', caller.memberId)
    .where(isOfLiveApp)
    .where('expiredTime', '<', now + keysAhead)
    .where('expiredTime', '>', now - keysBack)
    .execute();
  return rows.map(({ id, name, expiredTime }) => {
    const ends = Number(expiredTime);
    const over = ends <= now;
    const date = new Date(ends).toISOString().slice(0, 16).replace('T', ' ');
    return {
      _id: `key-${id}-${ends.toString(36)}${over ? '-over' : ''}`,
      level: over ? 'emergency' : 'important',
      title: over
        ? { en: `The key "${name}" has ended`, zh: `密钥“${name}”已到期` }
        : { en: `The key "${name}" ends soon`, zh: `密钥“${name}”即将到期` },
      content: over
        ? {
            en: `It ended on ${date} (UTC), and programs that use it are refused. Give it a later end or make another.`,
            zh: `已于 ${date}（UTC）到期，使用它的程序会被拒绝。请延长有效期或新建密钥。`,
          }
        : {
            en: `It ends on ${date} (UTC). Programs that use it are refused from then on: give it a later end or make another.`,
            zh: `将于 ${date}（UTC）到期，届时使用它的程序会被拒绝。请延长有效期或新建密钥。`,
          },
      time: over ? ends : ends - keysAhead,
      about: { type: 'key', id },
    };
  });
}
