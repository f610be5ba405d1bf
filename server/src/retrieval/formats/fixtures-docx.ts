import { crc32, deflateRawSync } from 'node:zlib';

/* Small Word documents for tests, made rather than stored. */

/** A zip file of these parts, in their order. Entries say `claimed` bytes instead of their true size, where given. */
export function makeZip(
  parts: Record<string, string | Uint8Array>,
  { encrypted = false, claimed }: { encrypted?: boolean; claimed?: number } = {},
): Uint8Array {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(parts)) {
    const raw = Buffer.from(content);
    // OpenDocument and EPUB have their type where every program can read it.
    const stored = name === 'mimetype';
    const packed = stored ? raw : deflateRawSync(raw);
    const path = Buffer.from(name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(encrypted ? 0x801 : 0x800, 2);
    fields.writeUInt16LE(stored ? 0 : 8, 4);
    fields.writeUInt32LE(crc32(raw), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(claimed ?? raw.length, 18);
    fields.writeUInt16LE(path.length, 22);
    local.push(Buffer.from('PK\x03\x04', 'latin1'), fields, path, packed);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, rest, path);
    offset += 30 + path.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(parts).length, 8);
  end.writeUInt16LE(Object.keys(parts).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const office = 'http://schemas.openxmlformats.org';
const namespaces = [
  `xmlns:w="${office}/wordprocessingml/2006/main"`,
  `xmlns:r="${office}/officeDocument/2006/relationships"`,
  `xmlns:wp="${office}/drawingml/2006/wordprocessingDrawing"`,
  `xmlns:a="${office}/drawingml/2006/main"`,
  `xmlns:pic="${office}/drawingml/2006/picture"`,
].join(' ');

const styleOf = (id: string, name: string, more = ''): string =>
  `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/>${more}</w:style>`;
const styles = [
  styleOf('a3', 'Title'),
  styleOf('1', 'heading 1'),
  styleOf('2', 'heading 2'),
  styleOf('a4', 'A &amp; B', '<w:basedOn w:val="2"/>'),
  styleOf('a5', '条款', '<w:basedOn w:val="a6"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr>'),
  styleOf('a6', 'Around', '<w:basedOn w:val="a6"/>'),
  styleOf('TOC', 'TOC Heading', '<w:basedOn w:val="1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr>'),
];
const level = (id: number, format: string): string =>
  `<w:abstractNum w:abstractNumId="${id}"><w:lvl w:ilvl="0"><w:numFmt w:val="${format}"/></w:lvl></w:abstractNum>` +
  `<w:num w:numId="${id}"><w:abstractNumId w:val="${id}"/></w:num>`;
const relation = (id: string, type: string, target: string, more = ''): string =>
  `<Relationship Id="${id}" Type="${office}/officeDocument/2006/relationships/${type}" Target="${target}" ${more}/>`;

/**
 * The parts of a Word document around this body (`<w:p>…`). Its styles are named in `styles`; list 1 has bullets, list 2
 * numbers; `rLink` is an address, `rPicture` a picture, footnote 2 says `note`.
 */
export function docxParts(body: string, note = ''): Record<string, string | Uint8Array> {
  return {
    '[Content_Types].xml': `${xml}<Types xmlns="${office}/package/2006/content-types"><Default Extension="png" ContentType="image/png"/></Types>`,
    '_rels/.rels': `${xml}<Relationships xmlns="${office}/package/2006/relationships">${relation('r1', 'officeDocument', 'word/document.xml')}</Relationships>`,
    'word/document.xml': `${xml}<w:document ${namespaces}><w:body>${body}</w:body></w:document>`,
    'word/styles.xml': `${xml}<w:styles ${namespaces}>${styles.join('')}</w:styles>`,
    'word/numbering.xml': `${xml}<w:numbering ${namespaces}>${level(1, 'bullet')}${level(2, 'decimal')}</w:numbering>`,
    'word/footnotes.xml': `${xml}<w:footnotes ${namespaces}><w:footnote w:id="2">${paragraph(note)}</w:footnote></w:footnotes>`,
    'word/_rels/document.xml.rels': `${xml}<Relationships xmlns="${office}/package/2006/relationships">${[
      relation('r1', 'styles', 'styles.xml'),
      relation('r2', 'numbering', 'numbering.xml'),
      relation('r3', 'footnotes', 'footnotes.xml'),
      relation('rLink', 'hyperlink', 'https://example.com/a', 'TargetMode="External"'),
      relation('rPicture', 'image', 'media/image1.png'),
    ].join('')}</Relationships>`,
    'word/media/image1.png': new Uint8Array([1, 2, 3]),
  };
}

export const run = (text: string): string => `<w:r><w:t xml:space="preserve">${text}</w:t></w:r>`;

/** A paragraph of a text, or of runs, in a style of `docxParts` or as an entry of one of its lists. */
export function paragraph(content: string, { style = '', list = 0 } = {}): string {
  const properties =
    (style && `<w:pStyle w:val="${style}"/>`) +
    (list ? `<w:numPr><w:ilvl w:val="0"/><w:numId w:val="${list}"/></w:numPr>` : '');
  return `<w:p><w:pPr>${properties}</w:pPr>${content.startsWith('<w:') ? content : run(content)}</w:p>`;
}

/** A table of rows of cells; a cell is a text, or one that reaches over columns, or down into the next rows. */
export function table(
  rows: (string | { text: string; columns?: number; down?: 'restart' | 'continue' })[][],
): string {
  const cell = (content: (typeof rows)[number][number]): string => {
    const { text, columns = 1, down = undefined } = typeof content === 'string' ? { text: content } : content;
    const merge = down ? `<w:vMerge w:val="${down}"/>` : '';
    return `<w:tc><w:tcPr><w:gridSpan w:val="${columns}"/>${merge}</w:tcPr>${paragraph(text)}</w:tc>`;
  };
  return `<w:tbl>${rows.map((cells) => `<w:tr>${cells.map(cell).join('')}</w:tr>`).join('')}</w:tbl>`;
}

/** A picture that is described by these words. */
export const picture = (description: string): string =>
  `<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="${description}"/><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:embed="rPicture"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`;

/** Microsoft's older container, as far as telling what is in it goes: its signature and the name of a stream. */
export const makeContainer = (stream: string): Uint8Array =>
  Buffer.concat([
    Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'latin1'),
    Buffer.alloc(1000),
    Buffer.from(stream, 'utf16le'),
    Buffer.alloc(1000),
  ]);
