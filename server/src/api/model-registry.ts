import type { channelEndpoints } from '@lectern/contract/model-channels.ts';
import type { modelRegistryEndpoints } from '@lectern/contract/model-registry.ts';
import { createChannel, deleteChannel, listChannels, updateChannel } from '../domain/models/channels.ts';
import { getModelConfig } from '../domain/models/config-json.ts';
import { updateDefaultModels } from '../domain/models/default-models.ts';
import { deleteModel } from '../domain/models/delete-model.ts';
import { findProviderModels } from '../domain/models/find-provider-models.ts';
import { getModelHealth } from '../domain/models/health.ts';
import { getModelDetail, getMyModels, listAllModels } from '../domain/models/list-models.ts';
import { getModelPresets } from '../domain/models/presets.ts';
import { saveModel } from '../domain/models/save-model.ts';
import { setModelConfig } from '../domain/models/set-config.ts';
import { testModel } from '../domain/models/test-model.ts';
import {
  addTrustedOrigin,
  deleteTrustedOrigin,
  listTrustedOrigins,
} from '../domain/models/trusted-origins.ts';
import type { Handlers } from './handler.ts';

export const modelRegistryHandlers: Handlers<typeof modelRegistryEndpoints> = {
  listAllModels: (input, { app, caller }) => listAllModels(app, caller, input),
  getModelDetail: ({ model }, { app, caller }) => getModelDetail(app, caller, model),
  async saveModel({ model, metadata, ...settings }, { app, caller }) {
    // FastGPT sends them inside; what stands there wins.
    const given = Object.entries(metadata ?? {}).filter(([, value]) => value !== undefined);
    await saveModel(app, caller, model, { ...settings, ...Object.fromEntries(given) });
    return {};
  },
  async deleteModel({ model }, { app, caller }) {
    await deleteModel(app, caller, model);
    return {};
  },
  testModel: (input, { app, caller, signal, lang }) => testModel(app, caller, input, { signal, lang }),
  async updateDefaultModels(input, { app, caller }) {
    await updateDefaultModels(app, caller, input);
    return {};
  },
  getModelConfig: (_input, { app, caller }) => getModelConfig(app, caller),
  setModelConfig: (input, { app, caller }) => setModelConfig(app, caller, input),
  getModelPresets: (input, { app, caller }) => getModelPresets(app, caller, input),
  getMyModels: (input, { app, caller }) => getMyModels(app, caller, input),
  getModelHealth: (input, { app, caller }) => getModelHealth(app, caller, input),
};

export const channelHandlers: Handlers<typeof channelEndpoints> = {
  listChannels: (input, { app, caller }) => listChannels(app, caller, input),
  createChannel: (input, { app, caller }) => createChannel(app, caller, input),
  findProviderModels: (input, { app, caller, signal, lang }) =>
    findProviderModels(app, caller, input, { signal, lang }),
  async updateChannel(input, { app, caller }) {
    await updateChannel(app, caller, input);
    return {};
  },
  async deleteChannel({ id }, { app, caller }) {
    await deleteChannel(app, caller, id);
    return {};
  },
  listTrustedOrigins: (_input, { app, caller }) => listTrustedOrigins(app, caller),
  addTrustedOrigin: (input, { app, caller }) => addTrustedOrigin(app, caller, input),
  async deleteTrustedOrigin({ origin }, { app, caller }) {
    await deleteTrustedOrigin(app, caller, origin);
    return {};
  },
};
