import { readFile } from 'node:fs/promises';
import { fail } from '../../kernel/errors.ts';
import type { ChatMessage } from '../../models/ports.ts';
import type { FileRow, TrainingItemRow } from '../../store/schema.ts';
import type { TrainingDeps } from './mode.ts';

/** Larger pictures are refused by every provider of today. */
const mostBytes = 15_000_000;

/** `![what it shows](picture:ID)` in a passage, ID being a file of its collection. */
const reference = /!\[[^\]\n]*\]\(picture:([0-9a-f]{24})\)/g;

/** The ids of the pictures that a passage shows, each once. */
export function picturesIn(text: string): string[] {
  return [...new Set([...text.matchAll(reference)].flatMap(([, id]) => id ?? []))];
}

/** A picture of the team as a model takes it; fileUnreadable when it is gone or too large. */
export async function pictureOf(
  { store, blobs }: Pick<TrainingDeps, 'store' | 'blobs'>,
  { teamId }: Pick<TrainingItemRow, 'teamId'>,
  id: string,
): Promise<{ file: FileRow; url: string }> {
  const file = await store.db
    .selectFrom('files')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!file) {
    throw fail('fileUnreadable', {
      params: { details: { en: 'the picture is no longer stored', zh: '图片已不存在' } },
    });
  }
  if (Number(file.size) > mostBytes) {
    const limit = mostBytes / 1_000_000;
    const details = { en: `the picture is larger than ${limit} MB`, zh: `图片超过 ${limit} MB` };
    throw fail('fileUnreadable', { params: { details } });
  }
  const bytes = await readFile(blobs.path(file.blobKey));
  return { file, url: `data:${file.contentType};base64,${bytes.toString('base64')}` };
}

const describe = `Describe this picture so that somebody finds it by asking for anything that is in it: what it shows, every text in it word for word, numbers and labels of charts and tables, names, places, colours. Begin with the description itself; leave out what is only decoration.`;

/** Asks for what a picture shows; `context` is the passage that it stands in, whose language is used. */
export function aboutPicture(url: string, name: string, context: string): ChatMessage[] {
  const more =
    context === ''
      ? `The name of the file is "${name}". Write in the language of the text in the picture, or of the name.`
      : `It stands in this passage, in whose language you write:\n\n${context}`;
  return [
    {
      role: 'user',
      content: [
        { type: 'text', text: `${describe}\n\n${more}` },
        { type: 'image_url', image_url: { url } },
      ],
    },
  ];
}
