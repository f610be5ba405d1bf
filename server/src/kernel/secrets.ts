import { createHash, randomInt } from 'node:crypto';

export const lowerLetters = 'abcdefghijklmnopqrstuvwxyz';
const lettersAndDigits = `ABCDEFGHIJKLMNOPQRSTUVWXYZ${lowerLetters}0123456789`;

/** `length` random letters and digits, each drawn evenly. */
export function randomText(length: number, from = lettersAndDigits): string {
  let text = '';
  while (text.length < length) text += from[randomInt(from.length)];
  return text;
}

/** SHA-256 hex: all that the store knows of a key or a session token. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
