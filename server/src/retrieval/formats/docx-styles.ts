interface Style {
  name: string;
  basedOn: string | undefined;
  /** From 0; 9 = text. */
  outline: number | undefined;
}

/** Characters of a style that are read; its settings follow. */
const longestStart = 5000;

/**
 * Rules for the styles of a document that are headings though their names do not say so: those with a rank in the
 * outline, of their own or of the style they are based on. Reads `word/styles.xml`; answers lines of a style map.
 */
export function headingStyles(xml: string): string[] {
  const styles = new Map<string, Style>();
  for (const piece of xml.split('</w:style>')) {
    // What is looked for stands near the start; searching all of a hostile part would take n² steps.
    const start = piece.lastIndexOf('<w:style ');
    const body = piece.slice(start, start + longestStart);
    const [attributes = ''] = body.split('>', 1);
    const id = /\bw:styleId="([^"]*)"/.exec(attributes)?.[1];
    const name = attributeOf(body, 'name');
    if (id === undefined || name === undefined || !attributes.includes('w:type="paragraph"')) continue;
    const outline = attributeOf(body, 'outlineLvl');
    styles.set(id, {
      name,
      basedOn: attributeOf(body, 'basedOn'),
      outline: outline === undefined ? undefined : Number(outline),
    });
  }
  return [...styles.values()].flatMap((style) => {
    const rank = outlineOf(style, styles);
    // What mammoth knows by name it knows better; names with these signs cannot be written in a rule.
    if (
      rank === undefined ||
      rank > 8 ||
      /^(?:heading \d|title)$/i.test(style.name) ||
      /['\\]/.test(style.name)
    )
      return [];
    return [`p[style-name='${decoded(style.name)}'] => h${Math.min(6, rank + 1)}:fresh`];
  });
}

const attributeOf = (body: string, element: string): string | undefined =>
  new RegExp(`<w:${element}\\b[^>]*\\bw:val="([^"]*)"`).exec(body)?.[1];

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };
const decoded = (name: string): string =>
  name.replace(/&(amp|lt|gt|quot);/g, (_, word) => entities[word] ?? '');

/** Follows what a style is based on; chains that go in a circle end. */
function outlineOf(style: Style, styles: Map<string, Style>): number | undefined {
  let current: Style | undefined = style;
  for (let steps = 0; current && steps < 20; steps += 1) {
    if (current.outline !== undefined) return current.outline;
    const rank = /^heading (\d)$/i.exec(current.name)?.[1];
    if (rank) return Number(rank) - 1;
    current = current.basedOn === undefined ? undefined : styles.get(current.basedOn);
  }
  return undefined;
}
