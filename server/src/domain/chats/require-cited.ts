import { fail } from '../../kernel/errors.ts';
import type { App, Caller } from '../context.ts';
import { may } from '../policy.ts';
import { requireTarget } from './choose-app.ts';
import { getResponseData } from './get-response-data.ts';

/** An answer of a chat, and who asked. */
export interface CitedIn {
  appId?: string | undefined;
  chatId?: string | undefined;
  chatItemDataId?: string | undefined;
  customUid?: string | undefined;
}

/** What was cited: a data item, or anything of a collection. */
type Cited = { dataId: string } | { collectionId: string };

/** Whether the caller reads datasets by right; an app key reads only what its app's answers cite. */
export function readsDatasets(app: Pick<App, 'config'>, caller: Caller): boolean {
  return may(caller, 'dataset:read') && (caller.kind !== 'app' || app.config.appKeysActAsMember);
}

/**
 * Lets pass who may read datasets, and who names an answer they may read that cites this. Throws notCited, or what
 * reading that chat would throw.
 */
export async function requireReadableOrCited(
  app: Pick<App, 'store' | 'config'>,
  caller: Caller,
  input: CitedIn,
  wanted: Cited,
): Promise<void> {
  if (readsDatasets(app, caller)) return;
  const { chatId, chatItemDataId } = input;
  if (!chatId || !chatItemDataId) throw fail('notCited');
  const target = { appId: requireTarget(caller, input.appId), chatId, customUid: input.customUid };
  const responses = await getResponseData(app, caller, { ...target, dataId: chatItemDataId });
  const cited = responses
    .flatMap((response) => response.quoteList ?? [])
    .some((quote) =>
      'dataId' in wanted ? quote.id === wanted.dataId : quote.collectionId === wanted.collectionId,
    );
  if (!cited) throw fail('notCited');
}
