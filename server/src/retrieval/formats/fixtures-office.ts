import { makeZip } from './fixtures-docx.ts';

/* Small presentations and OpenDocument texts for tests, made rather than stored. */

const office = 'http://schemas.openxmlformats.org';
const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const drawing = `xmlns:a="${office}/drawingml/2006/main" xmlns:r="${office}/officeDocument/2006/relationships" xmlns:p="${office}/presentationml/2006/main"`;
const relations = (list: string[]): string =>
  `${xml}<Relationships xmlns="${office}/package/2006/relationships">${list.join('')}</Relationships>`;
const relation = (id: string, type: string, target: string): string =>
  `<Relationship Id="${id}" Type="${office}/officeDocument/2006/relationships/${type}" Target="${target}"/>`;

export interface TestSlide {
  title?: string;
  /** XML of more shapes: `slideText`, `slideTable`, `slidePicture`. */
  shapes?: string[];
  notes?: string;
}

const shape = (kind: string, text: string): string =>
  `<p:sp><p:nvSpPr><p:cNvPr id="2" name="s"/><p:cNvSpPr/><p:nvPr>${kind}</p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>${text}</p:txBody></p:sp>`;
const textParagraph = (text: string): string => `<a:p><a:r><a:t>${text}</a:t></a:r></a:p>`;

export const slideText = (...paragraphs: string[]): string =>
  shape('<p:ph type="body" idx="1"/>', paragraphs.map(textParagraph).join(''));

export const slideTable = (rows: string[][]): string => {
  const cell = (text: string): string =>
    `<a:tc><a:txBody><a:bodyPr/>${textParagraph(text)}</a:txBody></a:tc>`;
  const body = rows.map((cells) => `<a:tr h="1">${cells.map(cell).join('')}</a:tr>`).join('');
  return `<p:graphicFrame><a:graphic><a:graphicData uri="${office}/drawingml/2006/table"><a:tbl><a:tblGrid/>${body}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>`;
};

/** Shows `ppt/media/image1.png`, which `makePptx` is given. */
export const slidePicture = (description: string): string =>
  `<p:pic><p:nvPicPr><p:cNvPr id="9" name="Picture 9" descr="${description}"/></p:nvPicPr><p:blipFill><a:blip r:embed="rPicture"/></p:blipFill><p:spPr/></p:pic>`;

/** The parts of a presentation with these slides; `picture` is the one that `slidePicture` shows. */
export function pptxParts(slides: TestSlide[], picture?: Uint8Array): Record<string, string | Uint8Array> {
  const parts: Record<string, string | Uint8Array> = {
    '[Content_Types].xml': `${xml}<Types xmlns="${office}/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    '_rels/.rels': relations([relation('r1', 'officeDocument', 'ppt/presentation.xml')]),
    'ppt/presentation.xml': `${xml}<p:presentation ${drawing}><p:sldIdLst>${slides.map((_, i) => `<p:sldId id="${256 + i}" r:id="r${i + 1}"/>`).join('')}</p:sldIdLst></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': relations(
      slides.map((_, i) => relation(`r${i + 1}`, 'slide', `slides/slide${i + 1}.xml`)),
    ),
  };
  for (const [i, { title, shapes = [], notes }] of slides.entries()) {
    const head = title === undefined ? '' : shape('<p:ph type="title"/>', textParagraph(title));
    parts[`ppt/slides/slide${i + 1}.xml`] =
      `${xml}<p:sld ${drawing}><p:cSld><p:spTree>${head}${shapes.join('')}</p:spTree></p:cSld></p:sld>`;
    const linked = picture ? [relation('rPicture', 'image', '../media/image1.png')] : [];
    if (notes !== undefined) {
      linked.push(relation('rNotes', 'notesSlide', `../notesSlides/notesSlide${i + 1}.xml`));
      parts[`ppt/notesSlides/notesSlide${i + 1}.xml`] =
        `${xml}<p:notes ${drawing}><p:cSld><p:spTree>${shape('<p:ph type="body" idx="1"/>', textParagraph(notes))}</p:spTree></p:cSld></p:notes>`;
    }
    parts[`ppt/slides/_rels/slide${i + 1}.xml.rels`] = relations(linked);
  }
  if (picture) parts['ppt/media/image1.png'] = picture;
  return parts;
}

export const makePptx = (slides: TestSlide[], picture?: Uint8Array): Uint8Array =>
  makeZip(pptxParts(slides, picture));

const oasis = 'urn:oasis:names:tc:opendocument:xmlns';
const openNamespaces = [
  `xmlns:office="${oasis}:office:1.0"`,
  `xmlns:text="${oasis}:text:1.0"`,
  `xmlns:table="${oasis}:table:1.0"`,
  `xmlns:draw="${oasis}:drawing:1.0"`,
  `xmlns:presentation="${oasis}:presentation:1.0"`,
  `xmlns:style="${oasis}:style:1.0"`,
  `xmlns:svg="${oasis}:svg-compatible:1.0"`,
  'xmlns:xlink="http://www.w3.org/1999/xlink"',
].join(' ');

/** The style L1: a list with bullets. */
const bullets =
  '<office:automatic-styles><text:list-style style:name="L1"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/></text:list-style></office:automatic-styles>';

/** The parts of an OpenDocument file (`text`, `presentation`, `spreadsheet`) around the XML of its body. */
export function openDocumentParts(
  kind: 'text' | 'presentation' | 'spreadsheet',
  body: string,
  more: Record<string, string | Uint8Array> = {},
): Record<string, string | Uint8Array> {
  const type = `application/vnd.oasis.opendocument.${kind}`;
  const files = ['content.xml', ...Object.keys(more)].map(
    (name) => `<manifest:file-entry manifest:full-path="${name}" manifest:media-type="text/xml"/>`,
  );
  return {
    mimetype: type,
    'META-INF/manifest.xml': `${xml}<manifest:manifest xmlns:manifest="${oasis}:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="${type}"/>${files.join('')}</manifest:manifest>`,
    'content.xml': `${xml}<office:document-content ${openNamespaces} office:version="1.2">${bullets}<office:body><office:${kind}>${body}</office:${kind}></office:body></office:document-content>`,
    'styles.xml': `${xml}<office:document-styles ${openNamespaces} office:version="1.2"/>`,
    ...more,
  };
}

/** An OpenDocument table, in a text, on a slide or as a sheet. */
export const openTable = (name: string, rows: string[][]): string =>
  `<table:table table:name="${name}">${rows
    .map(
      (cells) =>
        `<table:table-row>${cells.map((cell) => `<table:table-cell office:value-type="string"><text:p>${cell}</text:p></table:table-cell>`).join('')}</table:table-row>`,
    )
    .join('')}</table:table>`;
