import type { Text } from '@lectern/contract/lang.ts';
import PostalMime, { type Address, type Attachment, type Email } from 'postal-mime';
import { AppError, fail } from '../../kernel/errors.ts';
import { withoutMarks, withoutPrivateUse } from '../../kernel/positions.ts';
import type { ParsedDocument } from '../ports.ts';
import type { Format, ReadDocument, SourceFile } from './format.ts';
import { htmlToMarkdown } from './html.ts';
import { encodedBody } from './mail-body.ts';
import { pictureFiles } from './picture-files.ts';
import { tidy } from './text.ts';

const damaged: Text = { en: 'it is damaged or no mail.', zh: '文件已损坏或不是邮件。' };

/** Mails in mails in mails are followed no further. */
const deepest = 3;
const mostAttachments = 100;

/** Mails: who wrote to whom and when, the text, and every attachment by its name, with its text where it can be read. */
export const mailFormat: Format = {
  name: 'Mail',
  extensions: ['eml'],
  maxBytes: 50e6,
  read: (file) => readMail(file),
};

async function readMail(file: SourceFile): Promise<ReadDocument> {
  const mail = await parse(file.bytes);
  const pictures = pictureFiles(file.picturesDir);
  const inside = new Map(
    mail.attachments.flatMap((attachment): [string, Attachment][] =>
      attachment.contentId ? [[attachment.contentId.replace(/^<|>$/g, ''), attachment]] : [],
    ),
  );
  const shown = new Set<Attachment>();
  const picture = (source: string, description: string): string => {
    const attachment = /^cid:/i.test(source) ? inside.get(cidOf(source)) : undefined;
    if (!attachment) return description;
    shown.add(attachment);
    return pictures.keep(bytesOf(attachment), description);
  };
  const body = mail.html ? htmlToMarkdown(mail.html, { picture }) : tidy(withoutPrivateUse(mail.text ?? ''));
  const title = plain(mail.subject ?? '');
  const parts = [...(title === '' ? [] : [`# ${title}`]), headersOf(mail), body];
  const others = mail.attachments.filter((attachment) => !shown.has(attachment)).slice(0, mostAttachments);
  const attached: ParsedDocument['pictures'] = [];
  let pagesToRead = 0;
  for (const attachment of others) {
    const read = await readAttachment(file, attachment, (bytes, name) => pictures.keep(bytes, name));
    parts.push(`## ${plain(attachment.filename ?? attachment.mimeType)}`, read.markdown);
    attached.push(...(read.pictures ?? []));
    pagesToRead += read.pagesToRead ?? 0;
  }
  const kept = [...(pictures.kept().pictures ?? []), ...attached];
  const unique = [...new Map(kept.map((one) => [one.name, one])).values()];
  const markdown = parts.filter((part) => part !== '').join('\n\n');
  return {
    ...(title && { title }),
    markdown,
    ...(unique.length > 0 && { pictures: unique }),
    ...(pagesToRead > 0 && { pagesToRead }),
  };
}

async function parse(bytes: Uint8Array): Promise<Email> {
  let mail: Email;
  try {
    mail = await PostalMime.parse(encodedBody(bytes), { maxNestingDepth: 50, rfc822Attachments: true });
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw fail('fileUnreadable', { params: { details: damaged }, cause: error });
  }
  // Any text parses; a mail says at least from whom or about what it is.
  const known = ['from', 'to', 'subject', 'date', 'received', 'message-id'];
  if (!mail.headers.some((header) => known.includes(header.key)))
    throw fail('fileUnreadable', { params: { details: damaged } });
  return mail;
}

const plain = (text: string): string => withoutPrivateUse(text).replace(/\s+/g, ' ').trim();

function cidOf(source: string): string {
  const id = source.slice('cid:'.length);
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** The lines that a reader of mail sees. */
function headersOf(mail: Email): string {
  const names = (addresses: Address[] | undefined): string =>
    (addresses ?? [])
      .flatMap((address) => address.group ?? [address])
      .map(({ name, address }) => plain(name && address ? `${name} (${address})` : name || address || ''))
      .join(', ');
  const lines: [string, string][] = [
    ['From', names(mail.from ? [mail.from] : [])],
    ['To', names(mail.to)],
    ['Cc', names(mail.cc)],
    ['Date', (mail.date ?? '').replace(/\.000Z$/, 'Z')],
  ];
  return lines
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `- ${name}: ${value}`)
    .join('\n');
}

function bytesOf({ content }: Attachment): Uint8Array {
  if (typeof content === 'string') return Buffer.from(content);
  return content instanceof Uint8Array ? content : new Uint8Array(content);
}

/** The text of an attachment, one rank of headings lower; nothing for what cannot be read: the mail itself can. */
async function readAttachment(
  file: SourceFile,
  attachment: Attachment,
  keep: (bytes: Uint8Array, name: string) => string,
): Promise<ReadDocument> {
  const bytes = bytesOf(attachment);
  const name = attachment.filename ?? (attachment.mimeType === 'message/rfc822' ? 'mail.eml' : '');
  // What signatures consist of is not worth being read letter by letter.
  if (attachment.mimeType.startsWith('image/')) return { markdown: keep(bytes, '') };
  if (file.depth >= deepest) return { markdown: '' };
  try {
    const { markdown, pictures, pagesToRead } = await file.readInside({
      name,
      bytes,
      contentType: attachment.mimeType,
    });
    // Places in the attachment are none in the mail.
    const text = withoutMarks(markdown).replace(/^(#{1,4}) /gm, '$1## ');
    return { markdown: text, ...(pictures && { pictures }), ...(pagesToRead && { pagesToRead }) };
  } catch (error) {
    if (error instanceof AppError) return { markdown: '' };
    throw error;
  }
}
