import type { OfficeAttachment, OfficeContentNode, OfficeParserAST } from 'officeparser';
import { markLine, withoutPrivateUse } from '../../kernel/positions.ts';
import type { PictureFiles } from './picture-files.ts';
import { cellOf, tableOf } from './tables.ts';

/* The tree of nodes that the office library reads, as Markdown. */

type Node = OfficeContentNode;

interface Writer {
  pictures: PictureFiles;
  attachments: Map<string, OfficeAttachment>;
  /** Footnotes that were referred to, in their order. */
  notes: string[];
}

/** A document as Markdown; each slide begins with a mark of its number. */
export function officeMarkdown(ast: OfficeParserAST, pictures: PictureFiles): string {
  const attachments = new Map(ast.attachments.map((attachment) => [attachment.name, attachment]));
  const writer: Writer = { pictures, attachments, notes: [] };
  const blocks = blocksOf(ast.content, writer);
  const notes = writer.notes.map((note, i) => `[^${i + 1}]: ${note}`);
  return [...blocks, ...notes].join('\n\n');
}

/** Neighbouring items of lists are lines of one block. */
function blocksOf(nodes: readonly Node[], writer: Writer): string[] {
  const blocks: string[] = [];
  let list: string[] = [];
  const endList = (): void => {
    if (list.length > 0) blocks.push(list.join('\n'));
    list = [];
  };
  for (const node of nodes) {
    if (node.type === 'list') list.push(...listItem(node, writer));
    else {
      endList();
      blocks.push(...blockOf(node, writer).filter((block) => block.trim() !== ''));
    }
  }
  endList();
  return blocks;
}

function blockOf(node: Node, writer: Writer): string[] {
  const children = node.children ?? [];
  switch (node.type) {
    case 'slide':
      return slide(node, writer);
    case 'heading': {
      const text = oneLine(inline(node, writer));
      const level = Math.min(6, Math.max(1, node.metadata?.level ?? 1));
      return text === '' ? [] : [`${'#'.repeat(level)} ${text}`];
    }
    case 'table':
      return [table(node, writer)];
    case 'image':
      return [image(node, writer)];
    case 'chart':
      return [chart(writer.attachments.get(node.metadata?.attachmentName ?? '')?.chartData, node.text)];
    case 'code':
      return [`\`\`\`${node.metadata?.language ?? ''}\n${plain(node.text ?? inline(node, writer))}\n\`\`\``];
    case 'paragraph': {
      const text = inline(node, writer).trim();
      const quoted = /^quote/i.test(node.metadata?.style ?? '');
      return [quoted ? text.replace(/^/gm, '> ') : guarded(text)];
    }
    case 'text':
      return [guarded(inline(node, writer))];
    case 'comment':
    case 'header':
    case 'footer':
    case 'slideMaster':
      return [];
    default:
      return children.length > 0 ? blocksOf(children, writer) : [guarded(plain(node.text ?? ''))];
  }
}

/** A mark of the slide where it begins, whatever that is. */
function slide(node: Node & { type: 'slide' }, writer: Writer): string[] {
  const blocks = blocksOf(node.children ?? [], writer);
  // What the speaker says is no part of the slide, but of what is known.
  for (const note of node.notes ?? []) {
    const spoken = blocksOf(note.children ?? [], writer).join('\n\n');
    if (spoken !== '') blocks.push(spoken.replace(/^/gm, '> '));
  }
  const [first, ...rest] = blocks;
  const number = node.metadata?.slideNumber;
  if (first === undefined || number === undefined) return blocks;
  // The header of a table carries no mark.
  if (first.startsWith('|')) return [withRowMarks(first, number), ...rest];
  return [markLine(first, { slide: number }), ...rest];
}

const withRowMarks = (block: string, number: number): string =>
  block
    .split('\n')
    .map((line, i) => (i > 1 ? markLine(line, { slide: number }) : line))
    .join('\n');

function listItem(node: Node & { type: 'list' }, writer: Writer): string[] {
  const text = inline(node, writer).trim().replace(/\n+/g, '\n  ');
  if (text === '') return [];
  const { listType, indentation = 0, itemIndex = 0 } = node.metadata ?? {};
  const sign = listType === 'ordered' ? `${itemIndex + 1}.` : '-';
  return [`${'  '.repeat(Math.min(9, Math.max(0, indentation)))}${sign} ${text}`];
}

/** The running text of a node. */
function inline(node: Node, writer: Writer): string {
  const children = node.children ?? [];
  let text: string;
  if (node.type === 'image') text = image(node, writer);
  else if (node.type === 'break') text = node.metadata?.breakType === 'page' ? '' : '\n';
  else if (node.type === 'table') text = table(node, writer);
  else if (node.type === 'note') text = children.map((child) => inline(child, writer)).join(' ');
  else if (children.length > 0) text = children.map((child) => inline(child, writer)).join('');
  else text = plain(node.text ?? '');
  if (node.type === 'text')
    text = linked(text, node.metadata?.linkType === 'external' ? node.metadata.link : '');
  for (const note of node.type === 'slide' ? [] : (node.notes ?? [])) {
    writer.notes.push(oneLine(inline(note, writer)));
    text += `[^${writer.notes.length}]`;
  }
  return text;
}

const plain = (text: string): string => withoutPrivateUse(text).replace(/\u00ad/g, '');
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

function linked(text: string, address = ''): string {
  if (text.trim() === '' || !/^(?:https?:\/\/|mailto:)[^\s()<>]+$/i.test(address)) return text;
  return text.trim() === address ? text : `[${text.replace(/[[\]]/g, '\\$&')}](${address})`;
}

/** A paragraph that begins like a heading or a fence is none. */
const guarded = (text: string): string => text.replace(/^(?=#{1,8}[ \t]|```|~~~)/gm, '\\');

function image(node: Node & { type: 'image' }, { pictures, attachments }: Writer): string {
  const { attachmentName = '', altText = '', title = '' } = node.metadata ?? {};
  const attachment = attachments.get(attachmentName);
  const description = altText || attachment?.altText || title;
  // File names that programs gave say nothing.
  const said = /^(?:image|picture|img|图片|图像)?[\s_-]*\d*(?:\.\w{3,4})?$/i.test(description)
    ? ''
    : description;
  return pictures.keep(Buffer.from(attachment?.data ?? '', 'base64'), said);
}

function table(node: Node & { type: 'table' }, writer: Writer): string {
  const grid: string[][] = [];
  for (const [i, row] of (node.children ?? []).entries()) {
    const line = gridRow(grid, i);
    let column = 0;
    for (const cell of row.children ?? []) {
      if (cell.type !== 'cell') continue;
      const { col, rowSpan = 1, colSpan = 1 } = cell.metadata ?? {};
      column = Math.max(column, col ?? column);
      // Taken by a cell that reaches down from above.
      while (line[column] !== undefined) column += 1;
      const text = cellOf(blocksOf(cell.children ?? [], writer).join('\n') || plain(cell.text ?? ''));
      for (let down = 0; down < Math.min(rowSpan, 200); down += 1) {
        const target = gridRow(grid, i + down);
        for (let across = 0; across < Math.min(colSpan, 100); across += 1)
          target[column + across] ??= across === 0 ? text : '';
      }
      column += Math.min(colSpan, 100);
    }
  }
  const rows = grid.slice(0, node.children?.length ?? 0).map((row) => Array.from(row, (cell) => cell ?? ''));
  return tableOf(rows.filter((row) => row.some((cell) => cell !== '')));
}

function gridRow(grid: string[][], row: number): string[] {
  grid[row] ??= [];
  return grid[row];
}

/** A chart as the table it was drawn from; where that is unknown, its texts. */
function chart(data: OfficeAttachment['chartData'], text = ''): string {
  const title = plain(data?.title ?? '');
  const sets = data?.dataSets ?? [];
  const rows = Math.max(0, ...sets.map((set) => set.values.length));
  if (!data || rows === 0) return [title, oneLine(plain(text))].filter((part) => part !== '').join('\n\n');
  const header = [data.xAxisTitle ?? '', ...sets.map((set, i) => set.name ?? data.yAxisTitle ?? `${i + 1}`)];
  const body = Array.from({ length: rows }, (_, i) => [
    data.labels[i] ?? `${i + 1}`,
    ...sets.map((set) => set.values[i] ?? ''),
  ]);
  const cells = [header, ...body].map((row) => row.map((cell) => cellOf(plain(cell))));
  return [title, tableOf(cells)].filter((part) => part !== '').join('\n\n');
}
