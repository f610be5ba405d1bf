import type { Text } from '@lectern/contract/lang.ts';
import { type AppError, fail } from '../../kernel/errors.ts';

/* Microsoft's older container, in which files of Office 97–2003, mails of Outlook and encrypted files of any age come. */

const damaged: Text = { en: 'it is damaged or of another kind.', zh: '文件已损坏或属于其他类型。' };
const saveAs = (kind: Text, program: Text, extension: string): Text => ({
  en: `it is ${kind.en}. Open it in ${program.en} and save it as ${extension}.`,
  zh: `该文件为${kind.zh}，请用${program.zh}打开并另存为 ${extension}。`,
});
const wordOrFree: Text = { en: 'Word or LibreOffice', zh: ' Word 或 LibreOffice ' };
const slidesOrFree: Text = { en: 'PowerPoint or LibreOffice', zh: ' PowerPoint 或 LibreOffice ' };
const oldWord = saveAs(
  { en: 'a document of Word 97–2003 (.doc)', zh: ' Word 97–2003 格式（.doc）' },
  wordOrFree,
  '.docx',
);
const oldSlides = saveAs(
  { en: 'a presentation of PowerPoint 97–2003 (.ppt)', zh: ' PowerPoint 97–2003 格式（.ppt）' },
  slidesOrFree,
  '.pptx',
);
const outlookMail = saveAs(
  { en: 'a mail of Outlook (.msg)', zh: ' Outlook 邮件格式（.msg）' },
  { en: 'Outlook or another mail program', zh: ' Outlook 或其他邮件程序' },
  '.eml',
);

export type ContainerKind = 'encrypted' | 'excel' | 'word' | 'slides' | 'mail' | 'unknown';

/** Names of streams that only one kind has; what is encrypted is looked for first. */
const streams: [string, ContainerKind][] = [
  ['EncryptedPackage', 'encrypted'],
  ['WordDocument', 'word'],
  ['PowerPoint Document', 'slides'],
  ['__properties_version1.0', 'mail'],
  ['Workbook', 'excel'],
];

export const isContainer = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.subarray(0, 8)).toString('latin1') === '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1';

/** What a container holds, by the names of its streams; undefined when the bytes are none. */
export function containerKind(bytes: Uint8Array): ContainerKind | undefined {
  if (!isContainer(bytes)) return undefined;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = streams.find(([name]) => buffer.includes(Buffer.from(name, 'utf16le')));
  // Excel 5 and 95 call theirs `Book`; as four letters anywhere in a file that proves less than the others.
  return found?.[1] ?? (buffer.includes(Buffer.from('Book\0', 'utf16le')) ? 'excel' : 'unknown');
}

/** Why a container cannot be read, and what to do about it. */
export function refusedContainer(kind: ContainerKind): AppError {
  if (kind === 'encrypted') return fail('fileEncrypted');
  const details = { word: oldWord, slides: oldSlides, mail: outlookMail, excel: damaged, unknown: damaged }[
    kind
  ];
  return fail('fileUnreadable', { params: { details } });
}
