import { withoutMarks } from './positions.ts';

/**
 * `![what it shows](picture:NAME)`: a picture of a document. On its way in NAME is that of a file beside it; as it is
 * stored, the id of the picture. Readers get a signed address in its place.
 */
const reference = /!\[([^\]\n]*)\]\(picture:([\w.-]+)\)/g;

/** The reference of a picture in the Markdown that a format writes. `name` of letters, digits, `.`, `_` and `-` only. */
export function pictureReference(name: string, description: string): string {
  return `![${description.replace(/[[\]\n\r]/g, ' ').trim()}](picture:${name})`;
}

/** The text with each picture replaced; `undefined` leaves what the picture shows, in words. */
export function replacePictures(markdown: string, address: (name: string) => string | undefined): string {
  return markdown.replace(reference, (_, description: string, name: string) => {
    const found = address(name);
    return found === undefined ? description : `![${description}](${found})`;
  });
}

/** The text without addresses of pictures: what is searched, counted and embedded. */
export function withoutPictures(text: string): string {
  return text.includes('](picture:') ? replacePictures(text, () => undefined) : text;
}

/** What a document says, for people: without marks of positions and without pictures that have no address. */
export function readableMarkdown(markdown: string): string {
  return replacePictures(withoutMarks(markdown), () => undefined);
}
