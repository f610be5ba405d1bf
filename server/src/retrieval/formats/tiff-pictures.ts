import type { Text } from '@lectern/contract/lang.ts';
import { fail } from '../../kernel/errors.ts';
import type { Fields } from './tiff-directories.ts';

/*
 * The pictures of a TIFF file as objects of a PDF, which knows the same ways to pack them: nothing is unpacked for it.
 */

/** Points of a picture: each takes up to four bytes when it is unpacked. */
const mostPoints = 100e6;
const field = {
  kind: 254,
  width: 256,
  height: 257,
  bits: 258,
  packing: 259,
  colours: 262,
  bitOrder: 266,
  stripOffsets: 273,
  turned: 274,
  samples: 277,
  rowsPerStrip: 278,
  stripSizes: 279,
  acrossPerUnit: 282,
  planes: 284,
  groupThree: 292,
  unit: 296,
  predictor: 317,
  palette: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileSizes: 325,
  sampleFormat: 339,
  jpegTables: 347,
} as const;

const tooLarge = (width: number, height: number): Text => ({
  en: `a page of it is ${width} by ${height} points large; the limit is ${mostPoints / 1e6} million points.`,
  zh: `其中一页尺寸为 ${width}×${height}，上限为 ${mostPoints / 1e4} 万像素。`,
});
const otherwisePacked = (what: string): Text => ({
  en: `it is a TIFF of a kind that is not read (${what}). Save it as PDF, PNG, or TIFF with LZW or Group 4 compression.`,
  zh: `不支持此类 TIFF（${what}），请另存为 PDF、PNG，或采用 LZW、Group 4 压缩的 TIFF。`,
});

/** A part of a page: a strip over its whole width, or a tile. */
export interface Part {
  left: number;
  top: number;
  width: number;
  height: number;
  bytes: Uint8Array;
  /** Of the picture's dictionary. */
  entries: string;
}
/** Stands in `entries` for the number of the object that holds the page's program. */
export const programMark = 'PROGRAM';
export interface TiffPage {
  /** Points of the picture. */
  width: number;
  height: number;
  /** To the inch. */
  resolution: number;
  /** Degrees clockwise by which it is to be turned. */
  turned: 0 | 90 | 180 | 270;
  parts: Part[];
  /** Dictionary and text of the program that drops further samples of a point, where there are some. */
  program?: [entries: string, text: string];
}

/** Whether it is a page rather than a small copy of one, or its mask. */
export const isPage = (fields: Fields): boolean => ((fields.get(field.kind)?.[0] ?? 0) & 0b101) === 0;

/** One page; fails with fileUnreadable where it is packed in a way that PDF does not know. */
export function pageOf(bytes: Uint8Array, fields: Fields): TiffPage {
  const one = (number: number, otherwise: number): number => fields.get(number)?.[0] ?? otherwise;
  const [width, height] = [one(field.width, 0), one(field.height, 0)];
  if (width * height > mostPoints)
    throw fail('fileUnreadable', { params: { details: tooLarge(width, height) } });
  const coded = codingOf(fields);
  const tiled = fields.has(field.tileOffsets);
  const offsets = fields.get(tiled ? field.tileOffsets : field.stripOffsets) ?? [];
  const lengths = fields.get(tiled ? field.tileSizes : field.stripSizes) ?? [];
  const wide = tiled ? one(field.tileWidth, width) : width;
  const high = tiled ? one(field.tileHeight, height) : Math.min(height, one(field.rowsPerStrip, height));
  const across = Math.max(1, Math.ceil(width / Math.max(1, wide)));
  const parts = offsets.map((offset, i): Part => {
    const top = Math.floor(i / across) * high;
    const size = { width: wide, height: tiled ? high : Math.min(high, height - top) };
    return {
      ...{ left: (i % across) * wide, top, ...size },
      bytes: coded.packed(bytes.subarray(offset, offset + (lengths[i] ?? bytes.length))),
      entries: `/Width ${size.width} /Height ${size.height} ${coded.entries(size)}`,
    };
  });
  const perUnit = one(field.acrossPerUnit, 0) * (one(field.unit, 2) === 3 ? 2.54 : 1);
  const turned = ({ 3: 180, 6: 90, 8: 270 } as const)[one(field.turned, 1)] ?? 0;
  const resolution = perUnit >= 50 && perUnit <= 2400 ? perUnit : 200;
  const program = one(field.packing, 1) === 7 ? undefined : droppingProgram(fields);
  return {
    ...{ width, height, resolution, turned, parts: parts.filter((part) => part.height > 0) },
    ...(program && { program }),
  };
}

/** How the parts of a page are packed. */
interface Coding {
  packed(bytes: Uint8Array): Uint8Array;
  entries(size: { width: number; height: number }): string;
}

function codingOf(fields: Fields): Coding {
  const one = (number: number, otherwise: number): number => fields.get(number)?.[0] ?? otherwise;
  const refuse = (what: string) => fail('fileUnreadable', { params: { details: otherwisePacked(what) } });
  const [bits, samples, packing] = [one(field.bits, 1), one(field.samples, 1), one(field.packing, 1)];
  if (samples > 1 && one(field.planes, 1) !== 1) throw refuse('PlanarConfiguration 2');
  if (one(field.sampleFormat, 1) !== 1) throw refuse('SampleFormat');
  if (bits > 8) throw refuse(`${bits} bit`);
  const colours = one(field.colours, 0);
  const asItIs = (bytes: Uint8Array): Uint8Array => bytes;
  const inOrder = one(field.bitOrder, 1) === 2 ? reversed : asItIs;
  const space = `/ColorSpace ${spaceOf(fields, colours, samples, bits)} /BitsPerComponent ${bits}`;
  const inverted = colours === 0 ? ' /Decode [1 0]' : '';
  const simple = (filter: string): Coding => ({
    packed: inOrder,
    entries: ({ width }) =>
      `${space}${inverted}${filter && ` /Filter /${filter}`}${
        one(field.predictor, 1) === 2
          ? ` /DecodeParms << /Predictor 2 /Colors ${samples} /BitsPerComponent ${bits} /Columns ${width} >>`
          : ''
      }`,
  });
  const fax = (parameters: string): Coding => ({
    packed: inOrder,
    entries: ({ width, height }) =>
      `/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode /DecodeParms << ${parameters} /Columns ${width} /Rows ${height} /BlackIs1 ${colours === 1} >>`,
  });
  switch (packing) {
    case 1:
      return simple('');
    case 2:
      return fax('/K 0 /EncodedByteAlign true /EndOfBlock false');
    case 3:
      return fax(`/K ${one(field.groupThree, 0) & 1} /EndOfLine true /EndOfBlock false`);
    case 4:
      return fax('/K -1 /EndOfBlock false');
    case 5:
      return simple('LZWDecode');
    case 7: {
      const tables = Uint8Array.from(fields.get(field.jpegTables) ?? []);
      const transform = colours === 2 ? ' /DecodeParms << /ColorTransform 0 >>' : '';
      return {
        packed: (bytes) =>
          tables.length > 4 ? Buffer.concat([tables.subarray(0, -2), bytes.subarray(2)]) : bytes,
        entries: () =>
          `/ColorSpace /${samples === 1 ? 'DeviceGray' : 'DeviceRGB'} /BitsPerComponent 8 /Filter /DCTDecode${transform}`,
      };
    }
    case 8:
    case 32946:
      return simple('FlateDecode');
    case 32773:
      return simple('RunLengthDecode');
    default:
      throw refuse(`Compression ${packing}`);
  }
}

/** Samples that a colour has, and what PDF calls colours of so many. */
function baseOf(colours: number): { base: string; own: number } {
  if (colours === 2) return { base: 'DeviceRGB', own: 3 };
  return colours === 5 ? { base: 'DeviceCMYK', own: 4 } : { base: 'DeviceGray', own: 1 };
}

function spaceOf(fields: Fields, colours: number, samples: number, bits: number): string {
  const { base, own } = baseOf(colours);
  if (colours === 3) {
    const palette = fields.get(field.palette) ?? [];
    const third = palette.length / 3;
    const shade = (at: number): string => ((palette[at] ?? 0) >> 8).toString(16).padStart(2, '0');
    const hex = Array.from({ length: 2 ** bits }, (_, i) =>
      [i, third + i, 2 * third + i].map(shade).join(''),
    );
    return `[/Indexed /DeviceRGB ${2 ** bits - 1} <${hex.join('')}>]`;
  }
  if (samples <= own) return `/${base}`;
  const names = Array.from({ length: samples }, (_, i) => `/S${i}`).join(' ');
  return `[/DeviceN [${names}] /${base} ${programMark} 0 R]`;
}

/** PDF lets a colour have a program: this one drops further samples, such as how transparent a point is. */
function droppingProgram(fields: Fields): TiffPage['program'] {
  const samples = fields.get(field.samples)?.[0] ?? 1;
  const { own } = baseOf(fields.get(field.colours)?.[0] ?? 0);
  if (samples <= own) return undefined;
  const range = (count: number): string => Array(count).fill('0 1').join(' ');
  return [
    `/FunctionType 4 /Domain [${range(samples)}] /Range [${range(own)}]`,
    `{ ${'pop '.repeat(samples - own)}}`,
  ];
}

/** The bits of each byte the other way round. */
function reversed(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => {
    let turned = 0;
    for (let i = 0; i < 8; i += 1) turned |= ((byte >> i) & 1) << (7 - i);
    return turned;
  });
}
