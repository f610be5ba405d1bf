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
  return markdown.replace(reference, (whole, description: string, name: string, at: number) => {
    const found = address(name);
    return found === undefined
      ? setApart(description, markdown.slice(0, at), markdown[at + whole.length])
      : `![${description}](${found})`;
  });
}

/** What a picture shows, in its place: not glued to what stands before and behind. */
function setApart(description: string, before: string, behind = ''): string {
  if (description === '') return '';
  const start = /[^\s([{<|"'“‘（]$/u.test(before.slice(-2)) ? ' ' : '';
  const end = /[\p{L}\p{N}]/u.test(behind) ? ' ' : '';
  return start + description + end;
}

const tail = String.raw`data:image\/[\w.+-]{1,40}(?:;[\w=.-]{1,40}){0,4},`;
/** The address of a picture of Markdown that holds the picture itself, from the end of its description on. */
const inlineAddress = new RegExp(
  String.raw`\][(][ \t]?<?${tail}([^)\s"'<>]*)>?(?:[ \t]+"[^"\n]{0,500}")?[ \t]*[)]`,
  'gi',
);
/** The same at the end of a document: `[name]: data:…`. */
const inlineDefinition = new RegExp(
  String.raw`^ {0,3}\[([^\]\n]{1,200})\]:[ \t]*<?${tail}([^\s<>]*)>?[^\n]*\n?`,
  'gim',
);
const inlineSource = new RegExp(String.raw`\bsrc\s*=\s*["']?${tail}([^"'\s<>]*)`, 'i');
/** What is left of any file that is written into a text. */
const longData = /(\bdata:[\w.+-]{1,60}\/[\w.+-]{1,80}(?:;[\w=.-]{1,60}){0,4};base64,)[\w+/=%-]{100,}/gi;

/** Whether a text may hold pictures written out as text (`data:image/…;base64,…`). */
export const hasInlinePictures = (text: string): boolean => /\bdata:image\//i.test(text);

/**
 * Replaces pictures that are written out in Markdown. `keep` gets the base64 and what the picture shows, and answers
 * what stands in its place. Other files that are written out lose their content.
 */
export function replaceInlinePictures(
  markdown: string,
  keep: (base64: string, description: string) => string,
): string {
  if (!/\bdata:\w/i.test(markdown)) return markdown;
  const defined = new Map<string, string>();
  let text = markdown.replace(inlineDefinition, (_, name: string, base64: string) => {
    defined.set(name.toLowerCase(), base64);
    return '';
  });
  if (defined.size > 0) {
    text = text.replace(
      /!\[([^\]\n]{0,300})\](?:\[([^\]\n]{0,200})\])?/g,
      (whole, description: string, name = '') => {
        const base64 = defined.get((name || description).toLowerCase());
        return base64 === undefined ? whole : keep(base64, description);
      },
    );
  }
  text = text.replace(/<img\b[^<>]*>/gi, (tag) => {
    const base64 = inlineSource.exec(tag)?.[1];
    return base64 === undefined ? tag : keep(base64, /\balt\s*=\s*["']([^"']*)["']/i.exec(tag)?.[1] ?? '');
  });
  let done = '';
  let last = 0;
  for (const match of text.matchAll(inlineAddress)) {
    const before = text.slice(last, match.index);
    last = match.index + match[0].length;
    const start = before.lastIndexOf('![');
    if (start < 0) {
      // A link, whose words stay.
      const link = before.lastIndexOf('[');
      done += link < 0 ? before : before.slice(0, link) + before.slice(link + 1);
      continue;
    }
    done += before.slice(0, start);
    const kept = keep(match[1] ?? '', before.slice(start + 2).replace(/[[\]\s]+/g, ' '));
    done += kept.startsWith('![') ? kept : setApart(kept, done, text[last]);
  }
  return (done + text.slice(last)).replace(longData, '$1…');
}

/** The text with words for pictures that are written out in it: base64 is nothing that is searched or read. */
export const withoutInlinePictures = (text: string): string =>
  replaceInlinePictures(text, (_, description) => description.trim());

/** The text without addresses of pictures: what is searched, counted and embedded. */
export function withoutPictures(text: string): string {
  return text.includes('](picture:') ? replacePictures(text, () => undefined) : text;
}

/** What a document says, for people: without marks of positions and without pictures that have no address. */
export function readableMarkdown(markdown: string): string {
  return replacePictures(withoutMarks(markdown), () => undefined);
}
