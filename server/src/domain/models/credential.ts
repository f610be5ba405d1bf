import { fail } from '../../kernel/errors.ts';
import type { App } from '../context.ts';
import { invalid } from './address.ts';

const stars = '******';

/**
 * What is shown of a credential: that there is one, and its last four characters where they are a small part of it.
 * `undefined` is one that cannot be decrypted here.
 */
export function maskedCredential(credential: string | undefined): string {
  return credential !== undefined && credential.length >= 16 ? stars + credential.slice(-4) : stars;
}

/** Programs send back what they were shown: that means no change. */
export const isMasked = (given: string) => given.startsWith(stars);

/** What becomes of a stored credential: `undefined` = it stays. */
export function newCredential(given: string | null | undefined): string | null | undefined {
  if (given === undefined || given === null || isMasked(given)) return undefined;
  const trimmed = given.trim();
  return trimmed === '' ? null : trimmed;
}

/** The same; throws validation for one that could never be sent, as it is sent in a header. */
export function checkedCredential(
  field: string,
  given: string | null | undefined,
): string | null | undefined {
  const credential = newCredential(given);
  if (credential && /[^\t\x20-\x7e\x80-\xff]/.test(credential))
    throw invalid(field, {
      en: 'holds a line break or another character that no HTTP header takes; was it copied whole and alone?',
      zh: '包含换行或其他无法放入 HTTP 头的字符，请检查复制的内容是否正确',
    });
  return credential;
}

/**
 * Seals a credential for its place. Refuses while others than that of `name` cannot be decrypted here: this process
 * then has another key than the one that stored them, and what it stored could be read by none of the others.
 * Those that are lost can be given again, each in its place.
 */
export function sealed(
  app: Pick<App, 'secrets' | 'liveModels'>,
  credential: string | null,
  place: string,
  name: string,
): string | null {
  if (credential === null) return null;
  const unreadable = app.liveModels.unreadable();
  if (unreadable.length > 0 && !unreadable.includes(name)) throw fail('secretsUnreadable');
  return app.secrets.seal(credential, place);
}
