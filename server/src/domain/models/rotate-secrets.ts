import type { Kysely } from 'kysely';
import { webhookPlace } from '../../jobs/deliver-webhook.ts';
import { keyIdOf, type SecretBox } from '../../kernel/secret-box.ts';
import type { Store } from '../../store/ports.ts';
import type { Database } from '../../store/schema.ts';
import { datasetPlace } from '../api-datasets/api-server.ts';
import { audit } from '../audit/audit.ts';
import { memberCaller } from '../users/member-caller.ts';
import { allChannels, allModels, channelPlace, modelPlace } from './queries.ts';

/** How a rotation went. */
export interface Rotation {
  /** Credentials that were sealed anew. */
  sealed: number;
  /** Names of those that no key at hand opens; they are left as they are. */
  unreadable: string[];
  /** An earlier rotation had stopped half-way: it was completed, and no further key was made. */
  resumed: boolean;
}

interface Sealed {
  table: 'models' | 'model_channels' | 'webhooks' | 'datasets';
  id: string;
  name: string;
  place: string;
  text: string;
}

/**
 * Seals every credential under another key: a new one in the key file, or the SECRET_KEY of now. Works beside running
 * servers. All credentials change in one transaction, and the old key stays readable until nothing needs it: stopped
 * at any point, everything can still be opened, and running it again completes it.
 */
export async function rotateSecrets(
  store: Pick<Store, 'db' | 'signals'>,
  secrets: SecretBox,
): Promise<Rotation> {
  const before = await sealedTexts(store.db);
  const isOld = ({ text }: Sealed) => keyIdOf(text) !== secrets.currentKeyId();
  const opens = ({ text, place }: Sealed) => secrets.open(text, place) !== undefined;
  const resumed = secrets.source() === 'file' && before.some((one) => isOld(one) && opens(one));
  if (secrets.source() === 'file' && !resumed) secrets.addKey();
  const sealed = await store.db.transaction().execute(async (trx) => {
    const count = await sealAnew(trx, secrets);
    const root = await memberCaller(trx, { username: 'root' });
    if (root) {
      await audit(
        trx,
        { teamId: root.teamId, actor: 'command line' },
        {
          action: 'model.change',
          objectType: 'model',
          objectId: 'secrets',
          detail: { change: 'rotate', count },
        },
      );
    }
    return count;
  });
  const after = await sealedTexts(store.db);
  if (!after.some((one) => isOld(one) && opens(one))) secrets.dropOldKeys();
  await store.signals.send('models');
  return { sealed, resumed, unreadable: after.filter((one) => !opens(one)).map(({ name }) => name) };
}

async function sealAnew(trx: Kysely<Database>, secrets: SecretBox): Promise<number> {
  let count = 0;
  for (const { table, id, place, text } of await sealedTexts(trx)) {
    const opened = keyIdOf(text) === secrets.currentKeyId() ? undefined : secrets.open(text, place);
    if (opened === undefined) continue;
    const fresh = secrets.seal(opened, place);
    // Only what was read: somebody may be giving another credential at this moment.
    if (table === 'models') {
      await trx
        .updateTable('models')
        .set({ requestAuth: fresh })
        .where('id', '=', id)
        .where('requestAuth', '=', text)
        .execute();
    } else if (table === 'webhooks') {
      await trx
        .updateTable('webhooks')
        .set({ secret: fresh })
        .where('id', '=', id)
        .where('secret', '=', text)
        .execute();
    } else if (table === 'datasets') {
      await trx
        .updateTable('datasets')
        .set({ apiAuthorization: fresh })
        .where('id', '=', id)
        .where('apiAuthorization', '=', text)
        .execute();
    } else {
      await trx
        .updateTable('model_channels')
        .set({ credential: fresh })
        .where('id', '=', id)
        .where('credential', '=', text)
        .execute();
    }
    count += 1;
  }
  return count;
}

async function sealedTexts(db: Kysely<Database>): Promise<Sealed[]> {
  const [models, channels] = [await allModels(db), await allChannels(db)];
  const webhooks = await db.selectFrom('webhooks').select(['id', 'url', 'secret']).execute();
  const datasets = await db
    .selectFrom('datasets')
    .select(['id', 'name', 'apiAuthorization'])
    .where('apiAuthorization', 'is not', null)
    .execute();
  return [
    ...webhooks.map(
      ({ id, url, secret }): Sealed => ({
        table: 'webhooks',
        id,
        name: url,
        place: webhookPlace(id),
        text: secret,
      }),
    ),
    ...datasets.map(
      ({ id, name, apiAuthorization }): Sealed => ({
        table: 'datasets',
        id,
        name,
        place: datasetPlace(id),
        text: apiAuthorization ?? '',
      }),
    ),
    ...models.flatMap(({ id, model, requestAuth }): Sealed[] =>
      requestAuth === null
        ? []
        : [{ table: 'models', id, name: model, place: modelPlace(id), text: requestAuth }],
    ),
    ...channels.flatMap(({ id, name, credential }): Sealed[] =>
      credential === null
        ? []
        : [{ table: 'model_channels', id, name, place: channelPlace(id), text: credential }],
    ),
  ];
}
