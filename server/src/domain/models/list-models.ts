import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { modelRegistryEndpoints } from '@lectern/contract/model-registry.ts';
import { fail } from '../../kernel/errors.ts';
import { type ModelType, mayUse, type Purpose, purposes } from '../../models/configured.ts';
import { presetOf } from '../../models/presets/index.ts';
import { fromJson } from '../../store/json.ts';
import type { ModelChannelRow, ModelRow } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { maskedCredential } from './credential.ts';
import { configuredModel, factsOf, priceOf } from './facts.ts';
import { authorizeModels } from './manage.ts';
import {
  allChannels,
  allModels,
  type Defaults,
  findModel,
  modelPlace,
  readDefaults,
  servedModels,
} from './queries.ts';

type Item = OutputOf<typeof modelRegistryEndpoints.listAllModels>[number];
type Detail = OutputOf<typeof modelRegistryEndpoints.getModelDetail>;
type Mine = OutputOf<typeof modelRegistryEndpoints.getMyModels>[number];

const builtinName = 'builtin-extractive';

/** Every model of the installation, added ones first. */
export async function listAllModels(
  app: Pick<App, 'store' | 'models'>,
  caller: Caller,
  { type }: { type?: ModelType | undefined },
): Promise<Item[]> {
  await authorizeModels(app, caller);
  const { db } = app.store;
  const [rows, channels] = await Promise.all([allModels(db), allChannels(db)]);
  const chosen = defaultsInUse(app, await readDefaults(db));
  const added = new Set(rows.map(({ model }) => model));
  const items = [
    ...rows.map((row) => itemOf(row, channels, chosen)),
    ...foundItems(app, chosen).filter(({ model }) => !added.has(model)),
  ];
  return type === undefined ? items : items.filter((item) => item.type === type);
}

/** One model in full. Throws modelUnknown. */
export async function getModelDetail(
  app: Pick<App, 'store' | 'models' | 'secrets'>,
  caller: Caller,
  model: string,
): Promise<Detail> {
  await authorizeModels(app, caller);
  const { db } = app.store;
  const [row, channels, defaults] = await Promise.all([
    findModel(db, model),
    allChannels(db),
    readDefaults(db),
  ]);
  const chosen = defaultsInUse(app, defaults);
  const item = row
    ? itemOf(row, channels, chosen)
    : foundItems(app, chosen).find((one) => one.model === model);
  if (!item) throw fail('modelUnknown', { params: { model }, param: 'model' });
  const defaultFor = purposes.filter((purpose) => chosen[purpose] === model);
  if (!row) return { ...item, defaultFor, access: null, requestUrl: '', requestAuth: '' };
  const sealed = row.requestAuth;
  return {
    ...factsOf(row),
    ...item,
    defaultFor,
    access: fromJson<Detail['access']>(row.access, null),
    requestUrl: row.requestUrl,
    requestAuth: sealed === null ? '' : maskedCredential(app.secrets.open(sealed, modelPlace(row.id))),
  };
}

/** What really is the default: the chosen one, or what the settings say. */
function defaultsInUse(app: Pick<App, 'models'>, stored: Defaults): Partial<Record<Purpose, string>> {
  const embedding = app.models.embedder()?.id;
  const rerank = app.models.reranker()?.id;
  return {
    ...stored,
    chat: app.models.chat(undefined).model.id,
    ...(embedding && { embedding }),
    ...(rerank && { rerank }),
  };
}

const isChosen = (chosen: Defaults, model: string) => Object.values(chosen).includes(model);

function itemOf(row: ModelRow, channels: readonly ModelChannelRow[], chosen: Defaults): Item {
  const facts = factsOf(row);
  const model = configuredModel(row);
  const price = priceOf(facts);
  const serving = channels.filter((one) => servedModels(one).some((served) => served.model === row.model));
  return {
    model: row.model,
    name: row.name,
    type: row.type,
    provider: row.provider,
    isActive: row.active === 1,
    isCustom: presetOf(row.model) === undefined,
    isDefault: isChosen(chosen, row.model),
    source: 'store',
    channels: row.requestUrl === '' ? serving.map(({ name }) => name) : [],
    ...contextOf(row.type, model.contextTokens, model.maxTokens),
    ...(row.type === 'llm' && {
      vision: model.vision,
      toolChoice: model.toolCalls,
      reasoning: model.reasoning,
    }),
    charsPointsPrice: facts.charsPointsPrice ?? 0,
    inputPrice: price.input,
    outputPrice: price.output,
  };
}

function contextOf(type: ModelType, context: number, text: number | undefined): { contextToken?: number } {
  if (type === 'llm') return { contextToken: context };
  return (type === 'embedding' || type === 'rerank') && text !== undefined ? { contextToken: text } : {};
}

/** What nobody added: of the environment, found, and built in. */
function foundItems(app: Pick<App, 'models'>, chosen: Defaults): Item[] {
  const free = {
    isActive: true,
    isCustom: false,
    channels: [],
    charsPointsPrice: 0,
    inputPrice: 0,
    outputPrice: 0,
  };
  const size = new Map(app.models.chatModels().map((model) => [model.id, model.contextTokens]));
  const context = (id: string) => {
    const contextToken = size.get(id);
    return contextToken === undefined ? {} : { contextToken };
  };
  const found = app.models.found().map(
    ({ id, type, provider }): Item => ({
      ...free,
      model: id,
      name: id,
      type,
      provider,
      source: 'environment',
      isDefault: isChosen(chosen, id),
      ...(type === 'llm' && context(id)),
    }),
  );
  const builtin = app.models.chatModels().find(({ id }) => id === builtinName);
  if (!builtin) return found;
  const { id, name, provider } = builtin;
  const isDefault = isChosen(chosen, id);
  return [
    ...found,
    { ...free, model: id, name, type: 'llm', provider, source: 'builtin', isDefault, ...context(id) },
  ];
}

/** What the caller may name, the default of each type first. */
export async function getMyModels(
  app: Pick<App, 'store' | 'models'>,
  caller: Caller,
  { type }: { type?: ModelType | undefined },
): Promise<Mine[]> {
  const { models } = app;
  const [defaultEmbedder, defaultReranker] = [
    models.embedder(undefined, caller),
    models.reranker(undefined, caller),
  ];
  const free = { inputPrice: 0, outputPrice: 0 };
  const rows = new Map((await allModels(app.store.db)).map((row) => [row.model, row]));
  const from = (id: string) => rows.get(id)?.provider ?? 'environment';
  const prices = (id: string) => {
    const row = rows.get(id);
    const price = row && priceOf(factsOf(row));
    return price ? { inputPrice: price.input, outputPrice: price.output } : free;
  };
  const chats = models.chatModels(caller).map(
    (model, at): Mine => ({
      model: model.id,
      name: model.name,
      type: 'llm',
      provider: model.provider,
      isDefault: at === 0,
      maxContext: model.contextTokens,
      maxResponse: model.maxOutputTokens,
      ...(model.vision !== undefined && { vision: model.vision }),
      ...(model.toolCalls !== undefined && { toolChoice: model.toolCalls }),
      ...(model.reasoning !== undefined && { reasoning: model.reasoning }),
      inputPrice: model.price.input,
      outputPrice: model.price.output,
    }),
  );
  const embedders = models.embedders(caller).map(
    ({ id, name, maxTokens }): Mine => ({
      model: id,
      name,
      type: 'embedding',
      provider: from(id),
      isDefault: id === defaultEmbedder?.id,
      maxToken: maxTokens,
      ...prices(id),
    }),
  );
  const rerankers = models.rerankers(caller).map(
    ({ id, name }): Mine => ({
      model: id,
      name,
      type: 'rerank',
      provider: from(id),
      isDefault: id === defaultReranker?.id,
      ...prices(id),
    }),
  );
  const others = [...rows.values()].flatMap((row): Mine[] => {
    const { access } = configuredModel(row);
    if ((row.type !== 'tts' && row.type !== 'stt') || row.active === 0 || !mayUse(access, caller)) return [];
    return [
      {
        model: row.model,
        name: row.name,
        type: row.type,
        provider: row.provider,
        isDefault: false,
        ...prices(row.model),
      },
    ];
  });
  const all = [...chats, ...first(embedders), ...first(rerankers), ...others];
  return type === undefined ? all : all.filter((one) => one.type === type);
}

const first = (list: Mine[]) => [...list].sort((a, b) => Number(b.isDefault) - Number(a.isDefault));
