import { replaceInlinePictures } from '../../kernel/pictures.ts';
import type { ReadDocument } from './format.ts';
import { pictureFiles } from './picture-files.ts';

/** Makes pictures of a document out of those that are written out in its text; what is not kept is told in words. */
export function withInlinePictures(document: ReadDocument, folder: string | undefined): ReadDocument {
  const files = pictureFiles(folder);
  const markdown = replaceInlinePictures(document.markdown, (base64, description) =>
    files.keep(Buffer.from(decoded(base64), 'base64'), description),
  );
  if (markdown === document.markdown) return document;
  const all = [...(document.pictures ?? []), ...(files.kept().pictures ?? [])];
  const pictures = [...new Map(all.map((picture) => [picture.name, picture])).values()];
  return { ...document, markdown, ...(pictures.length > 0 && { pictures }) };
}

/** Addresses may write signs of base64 as `%2B`. */
function decoded(base64: string): string {
  try {
    return decodeURIComponent(base64);
  } catch {
    return base64;
  }
}
