import { argon2, createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { randomText } from '../../kernel/secrets.ts';

const derive = promisify(argon2);
const cost = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const hashBytes = 32;

/** What a client sends instead of the password a person typed: its SHA-256 as hex. */
export function clientHash(typed: string): string {
  return createHash('sha256').update(typed).digest('hex');
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

/** Hashes a client's SHA-256 hex with argon2id (19 MiB, 2 passes) into `$argon2id$…`. About 50 ms, off the main thread. */
export async function hashPassword(clientHex: string): Promise<string> {
  const nonce = randomBytes(16);
  const hash = await derive('argon2id', {
    message: clientHex.toLowerCase(),
    nonce,
    tagLength: hashBytes,
    ...cost,
  });
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${base64(nonce)}$${base64(hash)}`;
}

/** Of no password at all; checked when the account is unknown, so that the answer takes as long. */
const nobody = `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** Whether the client's SHA-256 hex belongs to the stored hash. Takes as long when there is none. */
export async function verifyPassword(clientHex: string, stored: string | undefined): Promise<boolean> {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(stored ?? nobody);
  if (!match) return false;
  const [, memory, passes, parallelism, nonce = '', hash = ''] = match;
  const expected = Buffer.from(hash, 'base64');
  const actual = await derive('argon2id', {
    message: clientHex.toLowerCase(),
    nonce: Buffer.from(nonce, 'base64'),
    tagLength: expected.length,
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
  });
  return timingSafeEqual(actual, expected) && stored !== undefined;
}

const common = [
  '',
  '1234',
  '12345',
  '123456',
  '1234567',
  '12345678',
  '123456789',
  '1234567890',
  '111111',
  '000000',
  'admin',
  'admin123',
  'administrator',
  'changeme',
  'default',
  'fastgpt',
  'lectern',
  'letmein',
  'passw0rd',
  'password',
  'password1',
  'qwerty',
  'root',
  'secret',
  'test',
  'toor',
  'welcome',
];
const commonHashes = new Set(common.map(clientHash));

/** Whether the password is one of those that everybody tries first, or a known default of products of this kind. */
export function isCommonPassword(clientHex: string): boolean {
  return commonHashes.has(clientHex.toLowerCase());
}

/** A password to be read and typed by a person: four groups of five, about 99 bits, no look-alike characters. */
export function generatePassword(): string {
  return Array.from({ length: 4 }, () => randomText(5, 'abcdefghjkmnpqrstuvwxyz23456789')).join('-');
}
