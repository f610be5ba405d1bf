import type { keyEndpoints } from '@lectern/contract/keys.ts';
import { createKey } from '../domain/keys/create-key.ts';
import { deleteKey } from '../domain/keys/delete-key.ts';
import { keyHealth } from '../domain/keys/key-health.ts';
import { listKeys } from '../domain/keys/list-keys.ts';
import { updateKey } from '../domain/keys/update-key.ts';
import { fail } from '../kernel/errors.ts';
import type { Handlers } from './handler.ts';

export const keyHandlers: Handlers<typeof keyEndpoints> = {
  createKey: (input, { app, caller }) => createKey(app, caller, input),
  listKeys: ({ appId }, { app, caller }) => listKeys(app, caller, { appId }),
  async updateKey({ _id, id = _id, ...change }, { app, caller }) {
    if (id === undefined) throw fail('missingParams', { params: { field: '_id' }, param: '_id' });
    await updateKey(app, caller, { id, ...change });
    return null;
  },
  async deleteKey({ id }, { app, caller }) {
    await deleteKey(app, caller, id);
    return {};
  },
  keyHealth: ({ apiKey }, { app }) => keyHealth(app, apiKey),
};
