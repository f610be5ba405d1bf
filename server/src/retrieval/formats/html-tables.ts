import type TurndownService from 'turndown';

/*
 * Tables of HTML as tables of Markdown. The plugin that turndown recommends writes tables with captions or lists as
 * HTML, and needs minutes for some thousand rows.
 */

/** Marks between the parts of a table while its content is put together: characters that no text may hold. */
const mark = { cell: '\ufdd0', row: '\ufdd1', caption: '\ufdd2' };
const marks = /[\ufdd0-\ufdd2]/g;

/** A cell as long as this, or with a heading in it, shows that the table only arranges the page. */
const longestCell = 2000;
const mostSpan = 100;

interface Cell {
  text: string;
  columns: number;
  rows: number;
}

/** Takes out of a page what the rules use as marks. */
export const withoutMarks = (html: string): string => html.replace(marks, '');

/** Adds rules for tables. Every row keeps the columns of its header; cells over several rows are repeated in each. */
export function addTableRules(service: TurndownService): void {
  const span = (node: TurndownService.Node, name: string): number => {
    const value = Number((node as unknown as Element).getAttribute(name) ?? 1);
    return Math.min(mostSpan, Math.max(1, Math.floor(value) || 1));
  };
  service.addRule('tableCell', {
    filter: ['td', 'th'],
    replacement: (content, node) =>
      `${mark.cell}${span(node, 'colspan')},${span(node, 'rowspan')},${content.trim()}`,
  });
  service.addRule('tableRow', { filter: 'tr', replacement: (content) => mark.row + content });
  service.addRule('tablePart', {
    filter: ['thead', 'tbody', 'tfoot', 'colgroup', 'col'],
    replacement: (content) => content,
  });
  service.addRule('tableCaption', {
    filter: 'caption',
    replacement: (content) => mark.caption + content.trim() + mark.caption,
  });
  service.addRule('table', { filter: 'table', replacement: (content) => `\n\n${tableOf(content)}\n\n` });
}

interface Element {
  getAttribute(name: string): string | null;
}

function tableOf(content: string): string {
  const [before = '', caption = '', ...behind] = content.split(mark.caption);
  const [loose = '', ...rows] = [before, ...behind].join('').split(mark.row);
  const cells = rows.map(cellsOf).filter((row) => row.length > 0);
  const outside = [caption, loose.replace(marks, '').trim()].filter((text) => text !== '');
  return [...outside, arrangesOnly(cells) ? arranged(cells) : markdownOf(cells)].join('\n\n');
}

function cellsOf(row: string): Cell[] {
  return row
    .split(mark.cell)
    .slice(1)
    .map((cell) => {
      const [, columns, rows, text = ''] = /^(\d+),(\d+),([\s\S]*)$/.exec(cell) ?? [];
      return { columns: Number(columns), rows: Number(rows), text: text.trim() };
    });
}

function arrangesOnly(rows: Cell[][]): boolean {
  const oneColumn = rows.every((row) => row.length === 1 && row[0]?.columns === 1);
  return (
    oneColumn || rows.some((row) => row.some(({ text }) => text.length > longestCell || /^#+ /m.test(text)))
  );
}

function arranged(rows: Cell[][]): string {
  return rows
    .flat()
    .map((cell) => cell.text)
    .filter((text) => text !== '')
    .join('\n\n');
}

function markdownOf(rows: Cell[][]): string {
  const grid = gridOf(rows);
  const width = grid.reduce((most, row) => Math.max(most, row.length), 0);
  const line = (row: string[]): string =>
    `| ${Array.from({ length: width }, (_, i) => row[i] ?? '').join(' | ')} |`;
  const [header = [], ...body] = grid;
  const rule = `|${' --- |'.repeat(width)}`;
  return width === 0 ? '' : [line(header), rule, ...body.map(line)].join('\n');
}

/** Every cell in its column: what reaches over several rows is repeated in each, over several columns said once. */
function gridOf(rows: Cell[][]): string[][] {
  /** What reaches down from the rows above, by column. */
  const open: ({ text: string; left: number } | undefined)[] = [];
  return rows.map((cells) => {
    const line: string[] = [];
    const reachedFromAbove = (): boolean => {
      const above = open[line.length];
      if (!above || above.left === 0) return false;
      above.left -= 1;
      line.push(above.text);
      return true;
    };
    for (const cell of cells) {
      while (reachedFromAbove());
      const text = inOneLine(cell.text);
      for (let i = 0; i < cell.columns; i += 1) {
        const shown = i === 0 ? text : '';
        open[line.length] = { text: shown, left: cell.rows - 1 };
        line.push(shown);
      }
    }
    while (reachedFromAbove());
    return line;
  });
}

/** The Markdown of a cell without line ends: lists as signs in the line, tables inside as their cells. */
function inOneLine(markdown: string): string {
  if (!/[\n|]/.test(markdown)) return markdown;
  return markdown
    .split(/\s*\n\s*/)
    .filter((line) => line !== '' && !/^\|(?: --- \|)+$/.test(line))
    .map((line) => line.replace(/^\| (.*) \|$/, (_, cells: string) => cells.replaceAll(' | ', ', ')))
    .map((line) => line.replace(/^[-*+]\s+/, '• ').replaceAll(/(?<!\\)\|/g, '\\|'))
    .join(' ');
}
