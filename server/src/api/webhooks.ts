import type { webhookEndpoints } from '@lectern/contract/webhooks.ts';
import { createWebhook, deleteWebhook, listWebhooks, testWebhook } from '../domain/webhooks/webhooks.ts';
import type { Handlers } from './handler.ts';

export const webhookHandlers: Handlers<typeof webhookEndpoints> = {
  listWebhooks: (_input, { app, caller, lang }) => listWebhooks(app, caller, lang),
  createWebhook: (input, { app, caller, lang }) => createWebhook(app, caller, input, lang),
  testWebhook: ({ id }, { app, caller, ...context }) => testWebhook(app, caller, id, context),
  deleteWebhook: ({ id }, { app, caller }) => deleteWebhook(app, caller, id),
};
