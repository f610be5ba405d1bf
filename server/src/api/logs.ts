import { pageOf } from '@lectern/contract/fields.ts';
import type { logEndpoints } from '@lectern/contract/logs.ts';
import { requireTarget } from '../domain/chats/choose-app.ts';
import { listLogs } from '../domain/chats/list-logs.ts';
import { presentLog } from '../domain/chats/present.ts';
import type { Handlers } from './handler.ts';

const weekMs = 7 * 24 * 3600 * 1000;

export const logHandlers: Handlers<typeof logEndpoints> = {
  async listLogs(input, { app, caller }) {
    const appId = requireTarget(caller, input.appId);
    const dateEnd = input.dateEnd ?? Date.now();
    const dateStart = input.dateStart ?? dateEnd - weekMs;
    const { list, total } = await listLogs(
      app,
      caller,
      { ...input, appId, dateStart, dateEnd },
      pageOf(input, 20),
    );
    return { total, list: list.map(presentLog) };
  },
};
