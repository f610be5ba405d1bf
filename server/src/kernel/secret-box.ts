import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Encrypts what the server has to be able to send again, such as the credentials of model channels (AES-256-GCM).
 * Passwords and our own keys are hashed instead. Keys are read anew each time: this happens when somebody changes a
 * setting, not on a request, and a running server then follows a rotation by itself.
 */
export interface SecretBox {
  /** Names the key that is used now; says nothing about it. */
  currentKeyId(): string;
  /** `place` is what the text belongs to: sealed for one place it cannot be opened as that of another. */
  seal(text: string, place: string): string;
  /** `undefined` when it was sealed under a key that is not here, for another place, or was changed. */
  open(sealed: string, place: string): string | undefined;
  /** A signature of the text that `verify` knows for the same place, base64url. Not for secrets: the text stays readable. */
  sign(text: string, place: string): string;
  /** Whether the signature was made here, under any key that is still there. Takes the same time whatever is wrong. */
  verify(text: string, place: string, signature: string): boolean;
  /** Puts a new key before the one of now, which stays readable. Throws when the key comes from SECRET_KEY. */
  addKey(): void;
  /** Forgets every key but the current one. */
  dropOldKeys(): void;
  /** Where the key of now comes from. */
  source(): 'environment' | 'file';
}

export interface SecretBoxOptions {
  dataDir: string;
  /** SECRET_KEY: wins over the file. */
  secretKey: string | undefined;
  /** SECRET_KEY_PREVIOUS: still opens what it sealed. */
  previousSecretKey: string | undefined;
}

const version = 'v1';
const ivBytes = 12;
const tagBytes = 16;

/** The name of the file in the data directory: a line per key, the current one first. */
export const secretKeyFile = 'secret.key';

/** The key id of a sealed text. */
export const keyIdOf = (sealed: string) => sealed.split('.')[1] ?? '';

interface Key {
  id: string;
  bytes: Buffer;
}

/** Signed with a key of its own for each place, so that one signature never stands for another. */
function signatureOf(key: Key, text: string, place: string): Buffer {
  const derived = Buffer.from(hkdfSync('sha256', key.bytes, '', `lectern signature ${place}`, 32));
  return createHmac('sha256', derived).update(text).digest();
}

/** Makes the key file at the first start, readable by its owner alone, unless SECRET_KEY is set. */
export function createSecretBox(options: SecretBoxOptions): SecretBox {
  const path = join(options.dataDir, secretKeyFile);
  const ofEnvironment = [options.secretKey, options.previousSecretKey]
    .filter((text) => text !== undefined)
    .map((text) => asKey(Buffer.from(hkdfSync('sha256', text, '', 'lectern secrets', 32))));
  if (options.secretKey === undefined && !existsSync(path)) {
    mkdirSync(options.dataDir, { recursive: true });
    writeNew(path, newLine());
  }
  const fileKeys = () => (existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []).filter(isKeyLine);
  const all = (): Key[] => {
    const ofFile = fileKeys().map((line) => asKey(Buffer.from(line.trim(), 'hex')));
    return options.secretKey === undefined ? [...ofFile, ...ofEnvironment] : [...ofEnvironment, ...ofFile];
  };
  const current = (): Key => {
    const [key] = all();
    if (!key) throw new Error(`${path} holds no key`);
    return key;
  };
  return {
    currentKeyId: () => current().id,
    source: () => (options.secretKey === undefined ? 'file' : 'environment'),
    seal(text, place) {
      const key = current();
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key.bytes, iv);
      cipher.setAAD(Buffer.from(place));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      const packed = Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
      return [version, key.id, packed].join('.');
    },
    sign: (text, place) => signatureOf(current(), text, place).toString('base64url'),
    verify(text, place, signature) {
      const given = Buffer.from(signature, 'base64url');
      return all().some((key) => {
        const right = signatureOf(key, text, place);
        return right.length === given.length && timingSafeEqual(right, given);
      });
    },
    open(sealed, place) {
      const [given, id, packed = ''] = sealed.split('.');
      const key = given === version ? all().find((one) => one.id === id) : undefined;
      return key && unpack(key, Buffer.from(packed, 'base64url'), place);
    },
    addKey() {
      if (options.secretKey !== undefined) throw new Error('the key comes from SECRET_KEY');
      replace(path, [newLine(), ...fileKeys()]);
    },
    dropOldKeys() {
      const [first] = fileKeys();
      if (options.secretKey === undefined && first) replace(path, [first]);
    },
  };
}

const newLine = () => randomBytes(32).toString('hex');
const isKeyLine = (line: string) => /^[0-9a-f]{64}$/.test(line.trim());

function asKey(bytes: Buffer): Key {
  return {
    bytes,
    id: createHash('sha256').update('lectern key id').update(bytes).digest('hex').slice(0, 12),
  };
}

function unpack(key: Key, packed: Buffer, place: string): string | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, packed.subarray(0, ivBytes));
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(packed.subarray(ivBytes, ivBytes + tagBytes));
    return decipher.update(packed.subarray(ivBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return undefined;
  }
}

/** Whole or not at all, also when two processes start at once: the second keeps the key of the first. */
function writeNew(path: string, line: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, `${line}\n`, { mode: 0o600 });
  try {
    linkSync(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(temporary);
  }
}

function replace(path: string, lines: readonly string[]): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, `${lines.join('\n')}\n`, { mode: 0o600 });
  renameSync(temporary, path);
}
