import { randomBytes } from 'node:crypto';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import type { webhookEndpoints } from '@lectern/contract/webhooks.ts';
import { noteDelivery, sendEvent, webhookPlace } from '../../jobs/deliver-webhook.ts';
import { AppError, fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { fromJson, toJson } from '../../store/json.ts';
import type { WebhookRow } from '../../store/schema.ts';
import { audit } from '../audit/audit.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { checkedAddress } from '../models/address.ts';
import { sealed } from '../models/credential.ts';
import { authorize } from '../policy.ts';

type Endpoints = typeof webhookEndpoints;
type Answer<E extends keyof Endpoints> = OutputOf<Endpoints[E]>;

/** Of a team: each costs a call for every job that ends. */
const mostWebhooks = 20;

/** The webhooks of the team, without their secrets. */
export async function listWebhooks(
  app: Pick<App, 'store'>,
  caller: Caller,
  lang: Lang,
): Promise<Answer<'listWebhooks'>> {
  authorize(caller, 'webhook:manage');
  const rows = await selectWebhooks(app, caller.teamId).orderBy('webhooks.id').execute();
  return rows.map((row) => ({
    _id: row.id,
    url: row.url,
    datasetId: row.datasetId,
    states: fromJson<('done' | 'failed' | 'cancelled')[]>(row.states, []),
    createTime: new Date(row.createTime).toISOString(),
    lastDelivery:
      row.deliveryTime === null
        ? null
        : {
            time: new Date(row.deliveryTime).toISOString(),
            ok: row.deliveryOk === 1,
            message: fromJson<Record<Lang, string>>(row.deliveryText, { en: '', zh: '' })[lang],
          },
  }));
}

/** Adds a webhook; its secret is answered this one time. */
export async function createWebhook(
  app: Pick<App, 'store' | 'guard' | 'secrets' | 'liveModels'>,
  caller: Caller,
  input: InputOf<Endpoints['createWebhook']>,
  lang: Lang,
): Promise<Answer<'createWebhook'>> {
  authorize(caller, 'webhook:manage');
  const { teamId, memberId } = caller;
  const url = checkedAddress(app.guard, 'url', input.url);
  const id = newId();
  const secret = `whsec_${randomBytes(32).toString('base64url')}`;
  const stored = sealed(app, secret, webhookPlace(id), '');
  if (stored === null) throw new Error('A secret was sealed as nothing.');
  await app.store.db.transaction().execute(async (trx) => {
    if (input.datasetId) await requireDataset(trx, teamId, input.datasetId);
    const all = await trx.selectFrom('webhooks').select('id').where('teamId', '=', teamId).execute();
    if (all.length >= mostWebhooks) throw fail('tooManyWebhooks', { params: { limit: mostWebhooks } });
    await trx
      .insertInto('webhooks')
      .values({
        id,
        teamId,
        memberId,
        datasetId: input.datasetId ?? null,
        url,
        secret: stored,
        states: toJson([...new Set(input.states ?? ['done', 'failed'])]),
        lang,
        createTime: Date.now(),
        deliveryTime: null,
        deliveryOk: null,
        deliveryText: null,
      })
      .execute();
    const detail = { change: 'create', url };
    await audit(trx, caller, { action: 'webhook.change', objectType: 'webhook', objectId: id, detail });
  });
  return { id, secret };
}

/** Sends a `ping` and says how it went. */
export async function testWebhook(
  app: Pick<App, 'store' | 'outbound' | 'secrets'>,
  caller: Caller,
  id: string,
  { lang, signal }: { lang: Lang; signal: AbortSignal },
): Promise<Answer<'testWebhook'>> {
  authorize(caller, 'webhook:manage');
  const webhook = await requireWebhook(app, caller.teamId, id);
  const event = { id: newId(), event: 'ping', time: new Date().toISOString(), job: null };
  try {
    await sendEvent(app, webhook, event, signal);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    await noteDelivery(app.store.db, webhook, thrown);
    return { ok: false, message: thrown.text(lang) };
  }
  await noteDelivery(app.store.db, webhook);
  return { ok: true, message: '' };
}

/** Takes a webhook away. */
export async function deleteWebhook(app: Pick<App, 'store'>, caller: Caller, id: string): Promise<null> {
  authorize(caller, 'webhook:manage');
  const { teamId } = caller;
  const { url } = await requireWebhook(app, teamId, id);
  await app.store.db.transaction().execute(async (trx) => {
    await trx.deleteFrom('webhooks').where('teamId', '=', teamId).where('id', '=', id).execute();
    const detail = { change: 'delete', url };
    await audit(trx, caller, { action: 'webhook.change', objectType: 'webhook', objectId: id, detail });
  });
  return null;
}

async function requireWebhook(app: Pick<App, 'store'>, teamId: string, id: string): Promise<WebhookRow> {
  const row = await selectWebhooks(app, teamId).where('webhooks.id', '=', id).executeTakeFirst();
  if (!row) throw fail('webhookNotFound');
  return row;
}

/** Those of a deleted dataset are gone, and come back, with it. */
function selectWebhooks({ store }: Pick<App, 'store'>, teamId: string) {
  return store.db
    .selectFrom('webhooks')
    .leftJoin('datasets', (join) =>
      join.onRef('datasets.id', '=', 'webhooks.datasetId').onRef('datasets.teamId', '=', 'webhooks.teamId'),
    )
    .selectAll('webhooks')
    .where('webhooks.teamId', '=', teamId)
    .where('datasets.deletedTime', 'is', null);
}
