import type { chatRecordEndpoints } from '@lectern/contract/chat-records.ts';
import { requireTarget } from '../domain/chats/choose-app.ts';
import { deleteRecords } from '../domain/chats/delete-records.ts';
import { listRecentlyUsed } from '../domain/chats/list-recently-used.ts';
import { readAnswerPicture } from '../domain/chats/read-picture.ts';
import { updateUserFeedback } from '../domain/chats/update-feedback.ts';
import type { Handlers } from './handler.ts';

export const chatRecordHandlers: Handlers<typeof chatRecordEndpoints> = {
  async deleteRecord(input, { app, caller }) {
    await deleteRecords(app, caller, { ...input, appId: requireTarget(caller, input.appId) });
    return null;
  },
  async updateUserFeedback(input, { app, caller }) {
    await updateUserFeedback(app, caller, { ...input, appId: requireTarget(caller, input.appId) });
    return null;
  },
  readAnswerPicture: (input, { app, caller, signal }) => readAnswerPicture(app, caller, input, signal),
  listRecentlyUsed: ({ pageSize }, { app, caller }) => listRecentlyUsed(app, caller, pageSize),
};
