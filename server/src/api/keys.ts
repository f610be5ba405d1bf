import type { keyEndpoints } from '@lectern/contract/keys.ts';
import { createKey } from '../domain/keys/create-key.ts';
import { deleteKey } from '../domain/keys/delete-key.ts';
import { keyHealth } from '../domain/keys/key-health.ts';
import { listKeys } from '../domain/keys/list-keys.ts';
import { requireOwnKey } from '../domain/keys/require-own-key.ts';
import { rotateKey } from '../domain/keys/rotate-key.ts';
import { updateKey } from '../domain/keys/update-key.ts';
import { fail } from '../kernel/errors.ts';
import type { Handlers } from './handler.ts';

export const keyHandlers: Handlers<typeof keyEndpoints> = {
  createKey: (input, { app, caller }) => createKey(app, caller, input),
  listKeys: ({ tags, ...query }, { app, caller }) =>
    listKeys(app, caller, { ...query, labels: tags?.split(',').map((id) => id.trim()) }),
  async updateKey({ _id, id = _id, ...change }, { app, caller }) {
    if (id === undefined) throw fail('missingParams', { params: { field: '_id' }, param: '_id' });
    await updateKey(app, caller, { id, ...change });
    return null;
  },
  async deleteKey({ id }, { app, caller }) {
    await deleteKey(app, caller, id);
    return {};
  },
  rotateKey: (input, { app, caller }) => rotateKey(app, caller, input),
  async copyKey({ id }, { app, caller }) {
    await requireOwnKey(app.store.db, caller, id);
    throw fail('keyShownOnce');
  },
  keyHealth: ({ apiKey }, { app }) => keyHealth(app, apiKey),
};
