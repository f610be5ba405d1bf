import type { SecretBox } from './secret-box.ts';

/** What a token says, once it was found genuine. */
type Claims = Record<string, string | number | boolean | null>;

/**
 * Tokens that let whoever holds them do one thing for a while, such as fetch one file: claims anybody can read and
 * nobody can change. Not for what must be revoked one by one. Safe in URLs.
 */
export interface TokenSigner {
  /** `purpose` names what the token is for: made for one it is worthless for another. `lifetimeMs` from now. */
  sign(purpose: string, claims: Claims, lifetimeMs: number): string;
  /** The claims, or undefined when the token is forged, changed, for another purpose, or its time is over. */
  open(purpose: string, token: string): Claims | undefined;
}

/** Longer ones were not made here. */
const longestToken = 4096;

/** Tokens signed with a key derived from that of the secret box: a token dies when its key is dropped. */
export function createTokenSigner(
  secrets: Pick<SecretBox, 'sign' | 'verify'>,
  now: () => number = Date.now,
): TokenSigner {
  return {
    sign(purpose, claims, lifetimeMs) {
      const body = Buffer.from(JSON.stringify({ ...claims, exp: now() + lifetimeMs })).toString('base64url');
      return `${body}.${secrets.sign(body, `token:${purpose}`)}`;
    },
    open(purpose, token) {
      const [body = '', signature = '', rest] = token.length > longestToken ? [] : token.split('.');
      if (rest !== undefined || !secrets.verify(body, `token:${purpose}`, signature)) return undefined;
      const { exp, ...claims } = JSON.parse(Buffer.from(body, 'base64url').toString()) as Claims;
      return typeof exp === 'number' && exp > now() ? claims : undefined;
    },
  };
}
