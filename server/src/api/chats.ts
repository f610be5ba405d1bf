import type { chatEndpoints } from '@lectern/contract/chats.ts';
import { pageOf } from '@lectern/contract/fields.ts';
import { requireTarget, targetApp } from '../domain/chats/choose-app.ts';
import { clearChats } from '../domain/chats/clear-chats.ts';
import { deleteChat } from '../domain/chats/delete-chat.ts';
import { getResponseData } from '../domain/chats/get-response-data.ts';
import { initChat } from '../domain/chats/init-chat.ts';
import { listChats } from '../domain/chats/list-chats.ts';
import { listRecords } from '../domain/chats/list-records.ts';
import { presentChat, presentInit, presentRecord } from '../domain/chats/present.ts';
import { updateChat } from '../domain/chats/update-chat.ts';
import type { Handlers } from './handler.ts';

export const chatHandlers: Handlers<typeof chatEndpoints> = {
  async initChat(input, { app, caller }) {
    const appId = requireTarget(caller, input.appId);
    return presentInit(await initChat(app, caller, { ...input, appId }), input.chatId ?? '');
  },
  async listChats(input, { app, caller }) {
    const appId = targetApp(caller, input.appId);
    // Clients ask for the chats of no app while a page loads: nothing to go by, nothing found.
    if (!appId) return { list: [], total: 0 };
    const { list, total } = await listChats(app, caller, { ...input, appId }, pageOf(input));
    return { list: list.map(presentChat), total };
  },
  async updateChat(input, { app, caller }) {
    await updateChat(app, caller, { ...input, appId: requireTarget(caller, input.appId) });
    return null;
  },
  async deleteChat(input, { app, caller }) {
    await deleteChat(app, caller, { ...input, appId: requireTarget(caller, input.appId) });
    return null;
  },
  async clearChats(input, { app, caller }) {
    await clearChats(app, caller, { ...input, appId: requireTarget(caller, input.appId) });
    return null;
  },
  async listRecords(input, { app, caller }) {
    const appId = targetApp(caller, input.appId);
    const { chatId } = input;
    if (!appId || !chatId) return { list: [], total: 0 };
    const { list, total } = await listRecords(app, caller, { ...input, appId, chatId }, pageOf(input));
    return { list: list.map(presentRecord), total };
  },
  async getResponseData(input, { app, caller }) {
    const appId = targetApp(caller, input.appId);
    const { chatId, dataId } = input;
    if (!appId || !chatId || !dataId) return [];
    return getResponseData(app, caller, { ...input, appId, chatId, dataId });
  },
};
