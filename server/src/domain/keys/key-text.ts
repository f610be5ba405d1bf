import { lowerLetters, randomText } from '../../kernel/secrets.ts';

const randomLength = 56;

/**
 * A new key: prefix, `-`, 56 letters and digits (more than 256 bits) of which the first is a lower-case letter.
 * No further `-`, because clients split a key at it.
 */
export function newKeyText(prefix: string): string {
  return `${prefix}-${randomText(1, lowerLetters)}${randomText(randomLength - 1)}`;
}

/** A key as it was presented, `<prefix>-<random>`, and the app that a suffix names. */
export interface PresentedKey {
  key: string;
  appId?: string;
}

/** Reads `<key>` or `<key>-<appId>`; anything else is no key. */
export function parseKey(text: string): PresentedKey | undefined {
  const parts = text.split('-');
  const [prefix, random, appId] = parts;
  if (!prefix || !random || parts.length > 3 || text.length > 512) return undefined;
  const key = `${prefix}-${random}`;
  if (appId === undefined) return { key };
  return /^[0-9a-f]{24}$/i.test(appId) ? { key, appId: appId.toLowerCase() } : undefined;
}

/** Reads `Authorization: <any word> <key>`: the second word counts, whatever the first one is. */
export function parseAuthorization(header: string): PresentedKey | undefined {
  const second = header.trim().split(/\s+/)[1];
  return second ? parseKey(second) : undefined;
}
