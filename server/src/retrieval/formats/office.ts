import type { Text } from '@lectern/contract/lang.ts';
import type { OfficeParserAST, OfficeParserConfig } from 'officeparser';
import { fail } from '../../kernel/errors.ts';
import { withoutMarks } from '../../kernel/positions.ts';
import type { ParsedDocument } from '../ports.ts';
import { containerKind, refusedContainer } from './container.ts';
import type { Format, SourceFile } from './format.ts';
import { headingTitle } from './markdown.ts';
import { officeMarkdown } from './office-markdown.ts';
import { pictureFiles } from './picture-files.ts';
import { tidy } from './text.ts';
import { checkZip } from './zip.ts';
import { isZip, zipKind } from './zip-kind.ts';

const damaged: Text = { en: 'it is damaged or of another kind.', zh: '文件已损坏或属于其他类型。' };
const tooLarge: Text = {
  en: 'its structure is larger than the limit. Split it into smaller files.',
  zh: '文件结构超过上限，请拆分为较小的文件。',
};

/** Elements and cells of one document: more would not fit into the memory of the parser. */
const decompressionLimits = {
  maxUncompressedBytes: 200e6,
  maxZipEntries: 20_000,
  maxTableCells: 300_000,
  maxXmlElements: 1_000_000,
  maxRepeatedContent: 4_000_000,
};

type Kind = 'pptx' | 'odt' | 'odp' | 'rtf';

/** Formats that one library reads into the same tree of nodes. */
function officeFormat(
  kind: Kind,
  { mediaTypes, ...format }: Pick<Format, 'name' | 'extensions'> & { mediaTypes: string[] },
): Format {
  return {
    ...format,
    maxBytes: 100e6,
    binary: true,
    matches: (start) => mediaTypes.includes(zipKind(start) ?? ''),
    read: (file) => readOffice(file, kind),
  };
}

const openDocument = 'application/vnd.oasis.opendocument';

/** Presentations: every slide with its title, lists, tables, charts as tables, and the speaker's notes. */
export const pptxFormat = officeFormat('pptx', {
  name: 'PowerPoint',
  extensions: ['pptx', 'ppt', 'pptm', 'ppsx', 'potx'],
  mediaTypes: ['ppt'],
});
export const odtFormat = officeFormat('odt', {
  name: 'OpenDocument text',
  extensions: ['odt', 'ott'],
  mediaTypes: [`${openDocument}.text`, `${openDocument}.text-template`],
});
export const odpFormat = officeFormat('odp', {
  name: 'OpenDocument presentation',
  extensions: ['odp', 'otp'],
  mediaTypes: [`${openDocument}.presentation`, `${openDocument}.presentation-template`],
});
export const rtfFormat: Format = {
  ...officeFormat('rtf', { name: 'RTF', extensions: ['rtf'], mediaTypes: [] }),
  matches: (start) => Buffer.from(start.subarray(0, 5)).toString('latin1') === '{\\rtf',
};

async function readOffice(file: SourceFile, kind: Kind): Promise<ParsedDocument> {
  const { bytes } = file;
  const container = containerKind(bytes);
  if (container) throw refusedContainer(container);
  if (kind === 'rtf') {
    if (!rtfFormat.matches?.(bytes)) throw fail('fileUnreadable', { params: { details: damaged } });
  } else {
    if (!isZip(bytes)) throw fail('fileUnreadable', { params: { details: damaged } });
    await checkZip(bytes);
  }
  const ast = await parse(bytes, kind);
  const pictures = pictureFiles(file.picturesDir);
  const markdown = tidy(officeMarkdown(ast, pictures));
  const title = headingTitle(withoutMarks(markdown.slice(0, 4000)));
  return { ...(title && { title }), markdown, ...pictures.kept() };
}

async function parse(bytes: Uint8Array, fileType: Kind): Promise<OfficeParserAST> {
  const config: OfficeParserConfig = {
    fileType,
    // Also descriptions of pictures come with them only.
    extractAttachments: true,
    ignoreComments: true,
    ignoreHeadersAndFooters: true,
    ignoreSlideMasters: true,
    decompressionLimits,
  };
  const { parseOffice } = await import('officeparser');
  try {
    return await parseOffice(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), config);
  } catch (error) {
    // Its stack is full: what is nested too deeply is said by the caller.
    if (error instanceof RangeError) throw error;
    const code = `${(error as { code?: string }).code ?? ''} ${error instanceof Error ? error.message : ''}`;
    if (/PASSWORD|encrypt/i.test(code)) throw fail('fileEncrypted');
    const details = /LIMIT_EXCEEDED|TOO_LARGE|exceed/i.test(code) ? tooLarge : damaged;
    throw fail('fileUnreadable', { params: { details }, cause: error });
  }
}
