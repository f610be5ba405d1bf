import { createHmac } from 'node:crypto';
import type { Kysely } from 'kysely';
import { presentJob } from '../domain/jobs/present.ts';
import { internalKinds, selectJobs } from '../domain/jobs/queries.ts';
import { AppError, fail } from '../kernel/errors.ts';
import type { Outbound } from '../kernel/outbound.ts';
import type { SecretBox } from '../kernel/secret-box.ts';
import { fromJson, toJson } from '../store/json.ts';
import type { Store } from '../store/ports.ts';
import type { Database, WebhookRow } from '../store/schema.ts';
import type { JobHandler } from './job.ts';
import { type Ended, type EndedJob, newJobRow } from './job-rows.ts';

export const webhookKind = 'webhook';

/** With the pauses between them, over about an hour. */
const attempts = 12;
const timeoutMs = 10_000;
/** What an answer says is not read. */
const maxBytes = 100_000;

export interface WebhookDeps {
  store: Pick<Store, 'db'>;
  outbound: Outbound;
  secrets: Pick<SecretBox, 'open'>;
}

/** Where the secret of a webhook is sealed for. */
export const webhookPlace = (id: string) => `webhook:${id}`;

interface Delivery {
  webhookId: string;
  job: EndedJob;
  state: string;
  time: number;
}

/**
 * Leaves a delivery for every webhook that wants to hear of the end of these jobs; part of the transaction that ends
 * them, so that no end is ever missed.
 */
export const leaveDeliveries: Ended = async (trx, jobs, { state, now }) => {
  const told = jobs.filter(({ kind }) => !internalKinds.includes(kind));
  const teamIds = [...new Set(told.map(({ teamId }) => teamId))];
  if (teamIds.length === 0) return;
  const webhooks = await trx
    .selectFrom('webhooks')
    .select(['id', 'teamId', 'datasetId', 'states'])
    .where('teamId', 'in', teamIds)
    .execute();
  const rows = told.flatMap((job) =>
    webhooks
      .filter(({ teamId }) => teamId === job.teamId)
      .filter(({ datasetId }) => datasetId === null || datasetId === job.datasetId)
      .filter(({ states }) => fromJson<string[]>(states, []).includes(state))
      .map(({ id }) => {
        const { teamId, kind, datasetId, collectionId } = job;
        const payload: Delivery = {
          webhookId: id,
          job: { id: job.id, teamId, kind, datasetId, collectionId },
          state,
          time: now,
        };
        return newJobRow({ kind: webhookKind, teamId, payload, maxAttempts: attempts }, now);
      }),
  );
  for (let start = 0; start < rows.length; start += 100)
    await trx
      .insertInto('jobs')
      .values(rows.slice(start, start + 100))
      .execute();
};

/** `t=<seconds since 1970>,v1=<HMAC-SHA256 of "t.body", hexadecimal>`. */
export function signatureOf(secret: string, seconds: number, body: string): string {
  const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${mac}`;
}

/** Sends one signed event. Throws webhookFailed, addressForbidden or addressFailed. */
export async function sendEvent(
  { outbound, secrets }: Pick<WebhookDeps, 'outbound' | 'secrets'>,
  webhook: Pick<WebhookRow, 'id' | 'url' | 'secret'>,
  event: { id: string; event: string; time: string; job: unknown },
  signal: AbortSignal,
): Promise<void> {
  const secret = secrets.open(webhook.secret, webhookPlace(webhook.id));
  if (secret === undefined) throw fail('secretsUnreadable');
  const body = JSON.stringify(event);
  const { status } = await outbound.fetch(webhook.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'lectern-event': event.event,
      'lectern-delivery': event.id,
      'lectern-signature': signatureOf(secret, Math.floor(Date.now() / 1000), body),
    },
    body,
    signal,
    timeoutMs,
    maxBytes,
    // What was signed for one address is not carried to another.
    maxRedirects: 0,
  });
  if (status < 200 || status >= 300) throw fail('webhookFailed', { params: { status } });
}

/** Remembers how the last delivery of a webhook went. */
export async function noteDelivery(
  db: Kysely<Database>,
  webhook: Pick<WebhookRow, 'id' | 'teamId'>,
  failure?: AppError,
): Promise<void> {
  await db
    .updateTable('webhooks')
    .set({
      deliveryTime: Date.now(),
      deliveryOk: failure ? 0 : 1,
      deliveryText: failure ? toJson({ en: failure.text('en'), zh: failure.text('zh') }) : null,
    })
    .where('teamId', '=', webhook.teamId)
    .where('id', '=', webhook.id)
    .execute();
}

/** Tells one address of the end of one job. It may be told twice, with the same `id`, when it is slow to answer. */
export function deliverWebhook(deps: WebhookDeps): JobHandler {
  return async (job, { signal }) => {
    const { db } = deps.store;
    const delivery = job.payload as Delivery;
    const webhook = await db
      .selectFrom('webhooks')
      .selectAll()
      .where('teamId', '=', job.teamId)
      .where('id', '=', delivery.webhookId)
      .executeTakeFirst();
    if (!webhook) return;
    const found = await selectJobs(db, job.teamId).where('jobs.id', '=', delivery.job.id).executeTakeFirst();
    const { id: _id, kind, datasetId, collectionId } = delivery.job;
    const { state } = delivery;
    // As it is by now, but for the state that this is about; what was deleted meanwhile is named and nothing more.
    const shown = found
      ? { ...presentJob(found, webhook.lang), state }
      : { _id, kind, datasetId, collectionId, state };
    const time = new Date(delivery.time).toISOString();
    try {
      await sendEvent(deps, webhook, { id: job.id, event: `job.${state}`, time, job: shown }, signal);
    } catch (thrown) {
      if (thrown instanceof AppError && !signal.aborted) await noteDelivery(db, webhook, thrown);
      throw thrown;
    }
    await noteDelivery(db, webhook);
  };
}
