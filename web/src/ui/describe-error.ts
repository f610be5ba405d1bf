import { LecternError } from '@lectern/contract/client.ts';
import i18next from 'i18next';
import { isLoggedOut } from '../api/session-ended.ts';
import { isNotLoaded } from './not-loaded.ts';
import { ToldError } from './told-error.ts';

/** What went wrong, in the language of the console: the server's own words, which say what to do. */
export function describeError(error: unknown): { message: string; requestId?: string } {
  // The server's words for it are meant for programs.
  if (isLoggedOut(error)) return { message: i18next.t('error.loggedOut') };
  if (error instanceof ToldError) return { message: error.message };
  if (error instanceof LecternError) {
    // So are these.
    if (error.statusText === 'chatIsGenerating') return { message: i18next.t('error.chatGenerating') };
    // A fault of the server is looked up in its log; for everything else the text says enough.
    const requestId = error.status >= 500 ? error.requestId : undefined;
    return { message: error.message, ...(requestId && { requestId }) };
  }
  if (isNotLoaded(error)) return { message: i18next.t('error.notLoaded') };
  // What fetch throws when nothing answers is a TypeError in every browser.
  if (error instanceof TypeError && /fetch|network|load failed/i.test(error.message))
    return { message: i18next.t('error.offline') };
  const message = error instanceof Error ? error.message : String(error);
  return { message: message ? i18next.t('error.unknown', { message }) : i18next.t('error.unnamed') };
}
