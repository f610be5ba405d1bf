import type { Text } from '@lectern/contract/lang.ts';
import type { Image } from '@napi-rs/canvas';
import { fail } from '../../kernel/errors.ts';
import type { Format } from './format.ts';
import { type Picture, pictureOf } from './ocr/picture.ts';
import { piecesOfWords } from './ocr/words.ts';
import { layOut } from './pdf-layout.ts';
import { paragraphs, sizeOfBody } from './pdf-paragraphs.ts';
import { tidy } from './text.ts';

/** Points of a picture that are looked at; larger ones are made smaller. */
const mostPoints = 12e6;
/** Points of a picture that is unpacked at all: each takes four bytes. */
const mostUnpacked = 100e6;

const broken: Text = { en: 'it is damaged or no picture.', zh: '图片已损坏或不是图片文件。' };
const cutOff: Text = {
  en: 'the picture is damaged: its end is missing. Upload it again.',
  zh: '图片已损坏：文件不完整，请重新上传。',
};
const tooLarge = (width: number, height: number): Text => ({
  en: `it is ${width} by ${height} points large; the limit is ${mostUnpacked / 1e6} million points.`,
  zh: `图片尺寸为 ${width}×${height}，上限为 ${mostUnpacked / 1e4} 万像素。`,
});

const starts = ['\x89PNG\r\n', '\xff\xd8\xff', 'GIF87a', 'GIF89a'];

/** Pictures of text: scans and photos of pages, screenshots. The text is recognised; other pictures hold none. */
export const imageFormat: Format = {
  name: 'Image',
  extensions: ['png', 'jpg', 'jpeg', 'webp', 'gif', 'bmp'],
  maxBytes: 50e6,
  binary: true,
  pictures: true,
  matches(bytes) {
    const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
    return starts.some((known) => start.startsWith(known)) || /^RIFF....WEBP/s.test(start);
  },
  async read({ bytes, ocr, reader }) {
    if (ocr === 'off') return { markdown: '' };
    // Recognising takes half a minute, and a picture that was cut off shows grey.
    if (isCutOff(bytes)) throw fail('fileUnreadable', { params: { details: cutOff } });
    if (!reader) {
      // What cannot be unpacked need not wait for the recogniser.
      await decode(bytes);
      return { markdown: '', pagesToRead: 1 };
    }
    const picture = await decode(bytes);
    const { lines } = await reader.read(picture);
    // As if it were printed on a page of ordinary width.
    const unit = 600 / picture.width;
    const pieces = piecesOfWords(lines, { height: picture.height * unit, unit });
    const text = [{ blocks: layOut(pieces) }];
    const markdown = tidy(paragraphs(text, sizeOfBody(text)));
    return { markdown, pages: 1, ...(markdown === '' ? { pagesWithoutText: [1] } : { pagesByOcr: [1] }) };
  },
};

/** Whether the end of a picture is missing, where its kind marks it. */
function isCutOff(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = buffer.toString('latin1', 0, 12);
  if (head.startsWith('\x89PNG')) return buffer.lastIndexOf('IEND', undefined, 'latin1') < 0;
  if (head.startsWith('\xff\xd8\xff')) return buffer.lastIndexOf(Buffer.from([0xff, 0xd9])) < 0;
  if (/^RIFF....WEBP/s.test(head)) return buffer.readUInt32LE(4) + 8 > buffer.length + 1;
  return false;
}

async function decode(bytes: Uint8Array): Promise<Picture> {
  const { createCanvas, loadImage } = await import('@napi-rs/canvas');
  let image: Image;
  try {
    image = await loadImage(bytes);
  } catch (cause) {
    throw fail('fileUnreadable', { params: { details: broken }, cause });
  }
  const { width, height } = image;
  if (width * height > mostUnpacked)
    throw fail('fileUnreadable', { params: { details: tooLarge(width, height) } });
  const scale = Math.min(1, Math.sqrt(mostPoints / (width * height)));
  const canvas = createCanvas(
    Math.max(1, Math.round(width * scale)),
    Math.max(1, Math.round(height * scale)),
  );
  const context = canvas.getContext('2d');
  // What is transparent is paper.
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return pictureOf(canvas);
}
