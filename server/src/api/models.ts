import type { modelEndpoints } from '@lectern/contract/models-api.ts';
import { type Callable, getCallable, listCallables } from '../domain/chats/list-callables.ts';
import type { Handlers } from './handler.ts';

const present = (callable: Callable) => ({
  id: callable.id,
  object: 'model' as const,
  created: Math.floor(callable.createTime / 1000),
  owned_by: callable.ownedBy,
  name: callable.name,
  kind: callable.kind,
});

export const modelHandlers: Handlers<typeof modelEndpoints> = {
  async listModels(_input, { app, caller }) {
    return { object: 'list', data: (await listCallables(app, caller)).map(present) };
  },
  async getModel(input, { app, caller }) {
    return present(await getCallable(app, caller, input.model));
  },
};
