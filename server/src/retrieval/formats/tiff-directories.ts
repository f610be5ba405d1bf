/*
 * What a TIFF file says of the pictures in it. Only the list of their fields is read here; the pictures stay as they are
 * packed.
 */

/** The fields of one picture by their number, each a list of numbers. */
export type Fields = ReadonlyMap<number, number[]>;

/** More pictures than any scan has; a chain of directories may lead in a circle. */
const mostDirectories = 5001;
const mostFields = 1000;
/** Numbers of one field: a strip for each row of a large page. */
const mostNumbers = 200_000;

/** Bytes of a number of each type; fields of other types say nothing about how a picture is packed. */
const sizes: Record<number, number> = { 1: 1, 3: 2, 4: 4, 5: 8, 7: 1 };

/** The fields of all pictures of a file. Throws RangeError where the file ends too early. */
export function readDirectories(bytes: Uint8Array): Fields[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[0] === 0x49;
  const directories: Fields[] = [];
  const seen = new Set<number>();
  for (let at = view.getUint32(4, little); at !== 0 && !seen.has(at); ) {
    seen.add(at);
    if (directories.length >= mostDirectories) break;
    const count = view.getUint16(at, little);
    const fields = new Map<number, number[]>();
    for (let i = 0; i < Math.min(count, mostFields); i += 1) {
      const entry = at + 2 + 12 * i;
      fields.set(view.getUint16(entry, little), numbersOf(view, entry, little));
    }
    directories.push(fields);
    at = view.getUint32(at + 2 + 12 * count, little);
  }
  return directories;
}

function numbersOf(view: DataView, entry: number, little: boolean): number[] {
  const type = view.getUint16(entry + 2, little);
  const count = view.getUint32(entry + 4, little);
  const size = sizes[type] ?? 0;
  if (size === 0 || count > mostNumbers) return [];
  const at = size * count <= 4 ? entry + 8 : view.getUint32(entry + 8, little);
  return Array.from({ length: count }, (_, i) => {
    if (size === 1) return view.getUint8(at + i);
    if (size === 2) return view.getUint16(at + 2 * i, little);
    if (size === 4) return view.getUint32(at + 4 * i, little);
    return view.getUint32(at + 8 * i, little) / Math.max(1, view.getUint32(at + 8 * i + 4, little));
  });
}
