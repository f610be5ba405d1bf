/**
 * Only addresses of this console: a link to the login must not lead elsewhere afterwards. Browsers leave out tabs and
 * line ends of an address and take a backslash for a slash, so neither may be in it.
 */
export const ownPath = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\/(?!\/)[^\\\p{Cc}]*$/u.test(value) ? value : undefined;
