import type { keyLabelEndpoints } from '@lectern/contract/key-labels.ts';
import { createKeyLabel, deleteKeyLabel, listKeyLabels, updateKeyLabel } from '../domain/keys/labels.ts';
import type { Handlers } from './handler.ts';

export const keyLabelHandlers: Handlers<typeof keyLabelEndpoints> = {
  listKeyLabels: (_input, { app, caller }) => listKeyLabels(app, caller),
  createKeyLabel: ({ name }, { app, caller }) => createKeyLabel(app, caller, name),
  async updateKeyLabel(input, { app, caller }) {
    await updateKeyLabel(app, caller, input);
    return null;
  },
  async deleteKeyLabel({ id }, { app, caller }) {
    await deleteKeyLabel(app, caller, id);
    return null;
  },
};
