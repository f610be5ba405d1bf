const signed = /(!\[[^\]\n]*\]\()[^()\s]*\/api\/core\/dataset\/image\/([0-9a-f]{24})\?token=[^()\s]*\)/g;

/**
 * A text with short references in the place of the long signed addresses of its pictures, for editing. The server
 * takes both, and stores the short ones.
 */
export const withReferences = (text: string): string => text.replace(signed, '$1picture:$2)');

/**
 * A text that is being written with the addresses of its pictures again, so that it can be shown.
 * @param stored the text as the server gave it, with the addresses
 */
export function withAddresses(text: string, stored: string): string {
  const addresses = new Map(
    [...stored.matchAll(signed)].map(([whole, start = '', id = '']) => [id, whole.slice(start.length)]),
  );
  return text.replace(/(!\[[^\]\n]*\]\()picture:([0-9a-f]{24})\)/g, (whole, start: string, id: string) =>
    addresses.has(id) ? `${start}${addresses.get(id)}` : whole,
  );
}

/** A text with what its pictures show, in words, in their place. */
export const withoutPictures = (text: string): string =>
  text.replace(/!\[([^\]\n]*)\]\([^()\s]*\/api\/core\/dataset\/image\/[^()\s]*\)/g, '$1');
