import { stretches } from './chunkers/sentences.ts';
import type { CountTokens } from './tokens.ts';

/** A text that a model has to read whole, and what is said before each of its pieces. */
export interface TextToFit {
  title: string;
  text: string;
  /** Tokens that the model reads. */
  limit: number;
}

/**
 * A text with its title, as it is when it fits; else in pieces that fit, cut where the splitter would cut and filled
 * up. A title that would take more than a quarter of a piece is left out of them.
 */
export function fitText({ title, text, limit }: TextToFit, count: CountTokens): string[] {
  const head = title === '' ? '' : `${title}\n`;
  const whole = head + text;
  if (count(whole) <= limit) return [whole];
  const headTokens = count(head);
  const prefix = headTokens * 4 <= limit ? head : '';
  const room = Math.max(16, limit - (prefix === '' ? 0 : headTokens));
  const pieces: string[] = [];
  let piece = '';
  let tokens = 0;
  for (const part of stretches(text, room, count)) {
    const partTokens = count(part);
    if (piece !== '' && tokens + partTokens > room) {
      pieces.push(piece);
      piece = '';
      tokens = 0;
    }
    piece += part;
    tokens += partTokens;
  }
  pieces.push(piece);
  return pieces.filter((part) => part.trim() !== '').map((part) => prefix + part.trim());
}
