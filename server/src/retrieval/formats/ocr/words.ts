import type { Block, Line, Word } from 'tesseract.js';
import type { Piece } from '../pdf-lines.ts';

/** A word that the recogniser is so sure of (of 100) is a word. */
const sure = 60;
/** Below this mean a line is no text: what is seen in leaves, faces and patterns has less, bad photos of text more. */
const leastOfLine = 45;
/** Share of a line's letters that must be in sure words. */
const leastSure = 0.4;
/** Share of all letters that must be in lines that are text, or the picture shows none. */
const leastOfPicture = 0.25;

const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}，。、；：？！（）《》「」『』“”…]/u;
const letters = (text: string): number => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;

/** The lines of a picture that are text, and how sure the recogniser is of them (of 100; 0 for none). */
export interface Recognised {
  lines: Line[];
  confidence: number;
}

/** Leaves out what the recogniser took for text and is none. */
export function textOf(blocks: Block[]): Recognised {
  const all = blocks.flatMap((block) => block.paragraphs.flatMap((paragraph) => paragraph.lines));
  const lines = all.filter(isText);
  const lettersOf = (some: Line[]): number => some.reduce((sum, line) => sum + letters(line.text), 0);
  if (lettersOf(lines) < leastOfPicture * lettersOf(all)) return { lines: [], confidence: 0 };
  return { lines, confidence: mean(lines.flatMap((line) => line.words)) };
}

function isText(line: Line): boolean {
  const certain = line.words.filter((word) => word.confidence >= sure);
  const count = (words: Word[]): number => words.reduce((sum, word) => sum + letters(word.text), 0);
  return (
    count(certain) > 0 && count(certain) >= leastSure * count(line.words) && mean(line.words) >= leastOfLine
  );
}

/** The mean confidence of words, long ones counting more. */
function mean(words: Word[]): number {
  let [sum, length] = [0, 0];
  for (const { text, confidence } of words) {
    sum += confidence * text.length;
    length += text.length;
  }
  return length === 0 ? 0 : sum / length;
}

/**
 * The lines as pieces of text on a page `height` points high, with `unit` points for each point of the picture. Letters
 * of about the same height get the same size, as a recogniser sees them a little higher or lower in every line.
 */
export function piecesOfWords(lines: Line[], { height, unit }: { height: number; unit: number }): Piece[] {
  const sizes = lines.map(sizeOfLine).sort((a, b) => a - b);
  const usual = sizes[sizes.length >> 1] ?? 1;
  return lines.flatMap((line) => {
    const own = sizeOfLine(line);
    const size = (own < 1.4 * usual && own > 0.7 * usual ? usual : own) * unit;
    const y = height - ((line.baseline.y0 + line.baseline.y1) / 2) * unit;
    return joinedWords(line.words, size, y, unit);
  });
}

/** From the highest letters to the lowest, which is about the size of a font. */
const sizeOfLine = ({ rowAttributes }: Line): number => rowAttributes.rowHeight;

function joinedWords(words: Word[], size: number, y: number, unit: number): Piece[] {
  const pieces: Piece[] = [];
  for (const { text, bbox } of words) {
    const [left, right] = [bbox.x0 * unit, bbox.x1 * unit];
    const last = pieces.at(-1);
    const gap = last ? left - last.right : 0;
    const word = { text, left, right, spaced: false };
    if (!last || gap > 1.2 * size) pieces.push({ text, left, right, y, size, words: [word] });
    else {
      const chinese = [last.text.at(-1) ?? '', text[0] ?? ''].filter((letter) => cjk.test(letter)).length;
      // Chinese letters stand apart by what is left of their squares.
      const blank = chinese === 0 || gap > (chinese === 1 ? 0.3 : 0.9) * size;
      last.text += (blank ? ' ' : '') + text;
      last.words.push({ ...word, spaced: blank });
      last.right = Math.max(last.right, right);
    }
  }
  return pieces;
}
