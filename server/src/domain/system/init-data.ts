import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import type { systemEndpoints } from '@lectern/contract/system.ts';
import type { App, Caller } from '../context.ts';
import { getMyModels } from '../models/list-models.ts';
import { readDefaults } from '../models/queries.ts';
import { type Action, may, policy } from '../policy.ts';
import { memberCaller } from '../users/member-caller.ts';

type InitData = OutputOf<typeof systemEndpoints.getInitData>;
type Session = NonNullable<InitData['session']>;

const dayMs = 86_400_000;
/** Most files of one upload that a page may send. */
const mostFiles = 1000;

/** What a page needs to begin: little for nobody, more for a member. Holds no secret. */
export async function getInitData(
  app: Pick<App, 'store' | 'config' | 'models'>,
  caller: Caller | null,
  { origin, lang, version }: { origin: string; lang: Lang; version: string },
): Promise<InitData> {
  const common = {
    bufferId: version,
    systemVersion: version,
    feConfigs: {
      systemTitle: 'Lectern' as const,
      isPlus: false as const,
      docUrl: `${origin}/openapi`,
      uploadFileMaxSize: app.config.uploadMaxBytes / (1 << 20),
      uploadFileMaxAmount: mostFiles,
      openApiPrefix: app.config.openapiPrefix,
      trashDays: app.config.trashMs / dayMs,
    },
    lang,
  };
  if (caller?.kind !== 'session') return { ...common, session: null };
  const { mustChangePassword } = caller;
  const [rights, passwordIsFirst] = await Promise.all([rightsOf(app, caller), isFirstPassword(app, caller)]);
  const session = { mustChangePassword, passwordIsFirst, rights };
  if (mustChangePassword) return { ...common, session: { ...session, setup: null } };
  const [models, defaults, setup] = await Promise.all([
    getMyModels(app, caller, {}),
    readDefaults(app.store.db),
    setupOf(app, caller),
  ]);
  return {
    ...common,
    session: { ...session, setup },
    activeModelList: models.map(({ model, name, type, provider }) => ({ model, name, type, provider })),
    defaultModels: {
      llm: app.models.chat(undefined, caller).model.id,
      embedding: app.models.embedder(undefined, caller)?.id ?? null,
      rerank: app.models.reranker(undefined, caller)?.id ?? null,
      datasetImageLLM: defaults.vision ?? null,
    },
    subPlans: null,
  };
}

async function isFirstPassword(app: Pick<App, 'store'>, { userId }: Caller): Promise<boolean> {
  const user = await app.store.db
    .selectFrom('users')
    .select(['createTime', 'passwordTime'])
    .where('id', '=', userId)
    .executeTakeFirst();
  return user !== undefined && Number(user.passwordTime) === Number(user.createTime);
}

async function rightsOf(app: Pick<App, 'store'>, caller: Caller): Promise<Session['rights']> {
  const rights: Session['rights'] = (Object.keys(policy) as Action[]).filter((action) => may(caller, action));
  const { db } = app.store;
  const here = await memberCaller(db, { username: 'root', teamId: caller.teamId });
  if (here && may(caller, 'model:manage')) rights.push('installation:manage');
  const root = await memberCaller(db, { username: 'root' });
  if (root?.userId === caller.userId) rights.push('installation:own');
  return rights;
}

async function setupOf(app: Pick<App, 'store' | 'models'>, caller: Caller): Promise<Session['setup']> {
  const { db } = app.store;
  const { teamId } = caller;
  const [datasets, apps] = await Promise.all([
    db
      .selectFrom('datasets')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('teamId', '=', teamId)
      .where('deletedTime', 'is', null)
      .executeTakeFirstOrThrow(),
    db
      .selectFrom('apps')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('teamId', '=', teamId)
      .where('deletedTime', 'is', null)
      .executeTakeFirstOrThrow(),
  ]);
  return {
    chatModel: app.models.chat(undefined, caller).model.provider !== 'builtin',
    embeddingModel: app.models.embedder(undefined, caller) !== undefined,
    datasets: Number(datasets.n),
    apps: Number(apps.n),
  };
}
