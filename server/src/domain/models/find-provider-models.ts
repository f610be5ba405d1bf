import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import type { channelEndpoints } from '@lectern/contract/model-channels.ts';
import { fail } from '../../kernel/errors.ts';
import { askForModels } from '../../models/ask-for-models.ts';
import type { ModelType } from '../../models/configured.ts';
import { looksLikeChatModel, looksLikeEmbedder } from '../../models/model-names.ts';
import { presetOf } from '../../models/presets/index.ts';
import type { App, Caller } from '../context.ts';
import { checkedAddress } from './address.ts';
import { checkedCredential } from './credential.ts';
import { authorizeModels } from './manage.ts';
import { channelPlace, requireChannel } from './queries.ts';

type Endpoint = typeof channelEndpoints.findProviderModels;

/** Asks a provider for its models. Throws channelNotFound, modelAddressForbidden; its own faults are explained. */
export async function findProviderModels(
  app: Pick<App, 'store' | 'modelGuard' | 'secrets' | 'config'>,
  caller: Caller,
  input: InputOf<Endpoint>,
  { signal, lang }: { signal: AbortSignal; lang: Lang },
): Promise<OutputOf<Endpoint>> {
  await authorizeModels(app, caller);
  const place = await placeOf(app, input);
  const { asked, names, failure, message } = await askForModels({ ...place, signal });
  return {
    ok: failure === undefined,
    asked,
    message: message[lang],
    ...(failure && { failure }),
    models: names.map((model) => ({ model, type: typeOf(model), known: presetOf(model) !== undefined })),
  };
}

async function placeOf(
  app: Pick<App, 'store' | 'modelGuard' | 'secrets' | 'config'>,
  input: InputOf<Endpoint>,
) {
  if (input.id !== undefined) {
    const row = await requireChannel(app.store.db, input.id);
    const stored =
      row.credential === null ? undefined : app.secrets.open(row.credential, channelPlace(row.id));
    return { kind: row.provider, baseUrl: row.baseUrl, credential: stored, guard: app.modelGuard };
  }
  const kind = input.provider ?? 'openai';
  if (input.baseUrl === undefined) {
    const { ollamaUrl } = app.config;
    // Where the operator said that Ollama is.
    if (kind === 'ollama' && ollamaUrl !== undefined)
      return { kind, baseUrl: ollamaUrl, credential: undefined };
    throw fail('missingParams', { params: { field: 'baseUrl' }, param: 'baseUrl' });
  }
  const credential = checkedCredential('credential', input.credential) ?? undefined;
  return {
    kind,
    baseUrl: checkedAddress(app.modelGuard, 'baseUrl', input.baseUrl),
    credential,
    guard: app.modelGuard,
  };
}

/** By its preset, else by its name. */
function typeOf(model: string): ModelType {
  const preset = presetOf(model);
  if (preset) return preset.type;
  if (/rerank/i.test(model)) return 'rerank';
  if (looksLikeEmbedder(model)) return 'embedding';
  if (looksLikeChatModel(model)) return 'llm';
  return /whisper|transcri/i.test(model) ? 'stt' : /\btts\b|-tts|speech/i.test(model) ? 'tts' : 'llm';
}
