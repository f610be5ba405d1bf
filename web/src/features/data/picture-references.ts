const signed = /(!\[[^\]\n]*\]\()[^()\s]*\/api\/core\/dataset\/image\/([0-9a-f]{24})\?token=[^()\s]*\)/g;

/**
 * A text with short references in the place of the long signed addresses of its pictures, for editing. The server
 * takes both, and stores the short ones.
 */
export const withReferences = (text: string): string => text.replace(signed, '$1picture:$2)');

/** A text with what its pictures show, in words, in their place. */
export const withoutPictures = (text: string): string =>
  text.replace(/!\[([^\]\n]*)\]\([^()\s]*\/api\/core\/dataset\/image\/[^()\s]*\)/g, '$1');
