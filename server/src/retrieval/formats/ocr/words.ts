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

/** What of a line and of its words is used. */
export interface TextLine {
  text: string;
  words: Pick<Word, 'text' | 'confidence' | 'bbox'>[];
  baseline: { y0: number; y1: number };
  /** From the highest letters to the lowest, which is about the size of a font. */
  size: number;
}

/** The lines of a picture that are text, and how sure the recogniser is of them (of 100; 0 for none). */
export interface Recognised {
  lines: TextLine[];
  confidence: number;
  /** How many points high most lines are, whether they are text or not; 0 for none. */
  lineHeight: number;
}

/** Leaves out what the recogniser took for text and is none. Places are divided by the `scale` of what it was shown. */
export function textOf(blocks: Block[], scale: number): Recognised {
  const all = blocks.flatMap((block) => block.paragraphs.flatMap((paragraph) => paragraph.lines));
  const lineHeight = middle(all.map(({ bbox }) => (bbox.y1 - bbox.y0) / scale)) ?? 0;
  const lines = all.filter(isText);
  const lettersOf = (some: Line[]): number => some.reduce((sum, line) => sum + letters(line.text), 0);
  if (lettersOf(lines) < leastOfPicture * lettersOf(all)) return { lines: [], confidence: 0, lineHeight };
  const confidence = mean(lines.flatMap((line) => line.words));
  return { lines: lines.map((line) => placed(line, scale)), confidence, lineHeight };
}

function placed({ text, words, baseline, rowAttributes }: Line, scale: number): TextLine {
  return {
    text,
    words: words.map(({ text, confidence, bbox: { x0, y0, x1, y1 } }) => ({
      text,
      confidence,
      bbox: { x0: x0 / scale, y0: y0 / scale, x1: x1 / scale, y1: y1 / scale },
    })),
    baseline: { y0: baseline.y0 / scale, y1: baseline.y1 / scale },
    size: rowAttributes.rowHeight / scale,
  };
}

const middle = (numbers: number[]): number | undefined => numbers.sort((a, b) => a - b)[numbers.length >> 1];

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
export function piecesOfWords(
  lines: TextLine[],
  { height, unit }: { height: number; unit: number },
): Piece[] {
  const usual = middle(lines.map(({ size }) => size)) ?? 1;
  return lines.flatMap((line) => {
    const size = (line.size < 1.4 * usual && line.size > 0.7 * usual ? usual : line.size) * unit;
    const y = height - ((line.baseline.y0 + line.baseline.y1) / 2) * unit;
    return joinedWords(line.words, size, y, unit);
  });
}

function joinedWords(words: TextLine['words'], size: number, y: number, unit: number): Piece[] {
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
