import { LecternError } from '@lectern/contract/client.ts';
import { type Answer, api } from '../../../api/client.ts';
import { type ConnectValues, kinds } from './connect-form.ts';
import { serviceOf } from './services.ts';

export type ModelTest = Answer<'testModel'>;

/** Adds the channel under the first name that is free, or changes the one that was added by an earlier try. */
async function saveChannel(values: ConnectValues, channelId: string | undefined): Promise<string> {
  const { provider, name: known } = serviceOf(values.service);
  const name = known || new URL(values.baseUrl).host;
  const settings = {
    provider,
    baseUrl: values.baseUrl,
    credential: values.credential,
    models: kinds.flatMap((kind) => values[kind]),
  };
  if (channelId !== undefined) {
    await api.updateChannel({ id: channelId, ...settings });
    return channelId;
  }
  for (let number = 1; ; number++) {
    try {
      return await api.createChannel({ name: number === 1 ? name : `${name} ${number}`, ...settings });
    } catch (error) {
      if (!(error instanceof LecternError) || error.status !== 409 || number > 20) throw error;
    }
  }
}

/** Makes what was chosen the default where there is none yet but the built-in answer. */
async function fillDefaults(values: ConnectValues): Promise<void> {
  const { defaultModels, session } = await api.getInitData({});
  const [llm] = values.llm;
  const [embedding] = values.embedding;
  const [rerank] = values.rerank;
  const wanted = {
    ...(llm && !session?.setup?.chatModel && { llm }),
    ...(embedding && !defaultModels?.embedding && { embedding }),
    ...(rerank && !defaultModels?.rerank && { rerank }),
  };
  if (Object.keys(wanted).length > 0) await api.updateDefaultModels(wanted);
}

/** Stores models and channel; answers the channel's id. Nothing was called yet. */
export async function saveConnection(values: ConnectValues, channelId: string | undefined): Promise<string> {
  for (const kind of kinds) {
    for (const model of values[kind]) await api.saveModel({ model, metadata: { type: kind } });
  }
  const id = await saveChannel(values, channelId);
  await fillDefaults(values);
  return id;
}
