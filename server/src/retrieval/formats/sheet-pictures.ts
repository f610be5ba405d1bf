import { posix } from 'node:path';
import { attributeOf as attribute, parseXml, within, type Xml } from './xml.ts';
import { unzip } from './zip.ts';

/** A picture on a sheet of a workbook of today (xlsx), at the row where it begins, from 1. */
export interface SheetPicture {
  row: number;
  description: string;
  bytes: Uint8Array;
}

/** The pictures of each sheet by its name. What refers to nothing is left out: the sheets can be read without. */
export async function sheetPictures(bytes: Uint8Array): Promise<Map<string, SheetPicture[]>> {
  const parts = await unzip(bytes, (name) =>
    /^xl\/(?:workbook\.xml|_rels\/|worksheets\/_rels\/|drawings\/|media\/)/.test(name),
  );
  const parsed = (path: string): Xml[] => {
    const content = parts.get(path);
    return content ? [parseXml(content)] : [];
  };
  /** Where the relations of a part lead, by their ids. */
  const relations = (path: string): Map<string, { target: string; type: string }> => {
    const own = posix.join(posix.dirname(path), '_rels', `${posix.basename(path)}.rels`);
    return new Map(
      within(parsed(own), 'Relationships', 'Relationship').map((relation) => {
        const target = posix.resolve('/', posix.dirname(path), attribute(relation, 'Target')).slice(1);
        return [attribute(relation, 'Id'), { target, type: attribute(relation, 'Type') }];
      }),
    );
  };
  const picturesOf = (drawing: string): SheetPicture[] => {
    const media = relations(drawing);
    const roots = within(parsed(drawing), 'wsDr');
    const anchors = ['twoCellAnchor', 'oneCellAnchor'].flatMap((name) => within(roots, name));
    return anchors.flatMap((anchor) => {
      const [blip] = within([anchor], 'pic', 'blipFill', 'blip');
      const [about] = within([anchor], 'pic', 'nvPicPr', 'cNvPr');
      const content = parts.get(media.get(attribute(blip, 'embed'))?.target ?? '');
      const row = Number(within([anchor], 'from')[0]?.row ?? 0) + 1;
      return content ? [{ row, description: attribute(about, 'descr'), bytes: content }] : [];
    });
  };
  const sheets = relations('xl/workbook.xml');
  return new Map(
    within(parsed('xl/workbook.xml'), 'workbook', 'sheets', 'sheet').map((sheet) => {
      const path = sheets.get(attribute(sheet, 'id'))?.target ?? '';
      const drawings = [...relations(path).values()].filter(({ type }) => type.endsWith('/drawing'));
      return [attribute(sheet, 'name'), drawings.flatMap(({ target }) => picturesOf(target))];
    }),
  );
}
