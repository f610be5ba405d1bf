import { fromJson } from '../../store/json.ts';
import { listedTexts } from '../../store/listed.ts';
import type { AuditRow } from '../../store/schema.ts';
import { requireBackup } from '../backups/backups.ts';
import type { App } from '../context.ts';
import { isOfLiveApp } from '../keys/queries.ts';

/** What a line of the log is about, as a person knows it. */
export interface NamedObject {
  /** Of `model` the closer kind: a channel, a trusted address, or models as a whole. */
  type: string;
  /** Of a user the member that they are in this team. */
  id: string;
  /** As it is called now, else as it was called then; '' when nothing says it. */
  name: string;
  /** Whether it is still there. */
  exists: boolean;
}

type Detail = Record<string, unknown>;
type Known = Map<string, { id: string; name: string; exists: boolean }>;

/** Finds the names of what lines are about, with a fixed number of queries however many lines there are. */
export async function nameObjects(
  app: Pick<App, 'store' | 'config'>,
  teamId: string,
  rows: readonly Pick<AuditRow, 'objectType' | 'objectId' | 'detail'>[],
): Promise<{ object: NamedObject; app: NamedObject | null }[]> {
  const lines = rows.map((row) => {
    const detail = fromJson<Detail>(row.detail, {});
    return { type: closerType(row.objectType, detail), id: row.objectId, detail };
  });
  const known = await knownThings(app, teamId, lines);
  return lines.map(({ type, id, detail }) => {
    const found = known.get(`${type} ${id}`);
    const object: NamedObject = found
      ? { type: type === 'user' ? 'member' : type, ...found }
      : { type: type === 'user' ? 'member' : type, id, name: nameThen(type, id, detail), exists: false };
    const appId = textOf(detail.appId);
    const of = known.get(`app ${appId}`);
    return { object, app: appId ? { type: 'app', id: appId, name: '', exists: false, ...of } : null };
  });
}

/** Everything about models is one kind of event; what it is about differs. */
function closerType(objectType: string, detail: Detail): string {
  if (objectType !== 'model') return objectType;
  if (detail.channel !== undefined) return 'channel';
  if (detail.trustedOrigin !== undefined) return 'origin';
  return detail.model === undefined ? 'models' : 'model';
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The name that was written down with the change. */
function nameThen(type: string, id: string, detail: Detail): string {
  if (type === 'backup' || type === 'origin') return id;
  const names = [detail.name, detail.key, detail.username, detail.model, detail.channel, detail.url];
  return textOf(names.find((name) => typeof name === 'string'));
}

async function knownThings(
  app: Pick<App, 'store' | 'config'>,
  teamId: string,
  lines: readonly { type: string; id: string; detail: Detail }[],
): Promise<Known> {
  const { db, engine } = app.store;
  const namesOf = (type: string) => [
    ...new Set(lines.filter((line) => line.type === type).map(({ id }) => id)),
  ];
  const idsOf = (type: string) => listedTexts(engine, namesOf(type));
  const appIds = listedTexts(engine, [
    ...new Set(lines.map((line) => (line.type === 'app' ? line.id : textOf(line.detail.appId)))),
  ]);
  const [keys, members, models, channels, apps, datasets, webhooks, origins, team] = await Promise.all([
    db
      .selectFrom('api_keys')
      .select(['id', 'name'])
      .where('teamId', '=', teamId)
      .where(isOfLiveApp)
      .where('id', 'in', idsOf('key'))
      .execute(),
    db
      .selectFrom('members')
      .select(['id', 'userId', 'name', 'status'])
      .where('teamId', '=', teamId)
      .where((eb) => eb.or([eb('id', 'in', idsOf('member')), eb('userId', 'in', idsOf('user'))]))
      .execute(),
    db.selectFrom('models').select(['id', 'name']).where('id', 'in', idsOf('model')).execute(),
    db.selectFrom('model_channels').select(['id', 'name']).where('id', 'in', idsOf('channel')).execute(),
    db
      .selectFrom('apps')
      .select(['id', 'name', 'deletedTime'])
      .where('teamId', '=', teamId)
      .where('id', 'in', appIds)
      .execute(),
    db
      .selectFrom('datasets')
      .select(['id', 'name', 'deletedTime'])
      .where('teamId', '=', teamId)
      .where('id', 'in', idsOf('dataset'))
      .execute(),
    db
      .selectFrom('webhooks')
      .select(['id', 'url as name'])
      .where('teamId', '=', teamId)
      .where('id', 'in', idsOf('webhook'))
      .execute(),
    db
      .selectFrom('trusted_origins')
      .select(['origin as id', 'origin as name'])
      .where('origin', 'in', idsOf('origin'))
      .execute(),
    db.selectFrom('teams').select(['id', 'name']).where('id', '=', teamId).execute(),
  ]);
  const known: Known = new Map();
  const add = (
    type: string,
    things: readonly { id: string; name: string; deletedTime?: number | null }[],
  ) => {
    // What can be restored is not there.
    for (const { id, name, deletedTime = null } of things)
      known.set(`${type} ${id}`, { id, name, exists: deletedTime === null });
  };
  add('key', keys);
  add('model', models);
  add('channel', channels);
  add('app', apps);
  add('dataset', datasets);
  add('webhook', webhooks);
  add('origin', origins);
  add('team', team);
  for (const name of namesOf('backup')) {
    const exists = await requireBackup(app, name).then(
      () => true,
      () => false,
    );
    known.set(`backup ${name}`, { id: name, name, exists });
  }
  for (const { id, userId, name, status } of members) {
    const member = { id, name, exists: status === 'active' };
    known.set(`member ${id}`, member);
    known.set(`user ${userId}`, member);
  }
  return known;
}
