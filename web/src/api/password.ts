import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * What the server is sent instead of a password. A library's SHA-256: the browser's own is missing where the console
 * is opened over plain http on another host than localhost.
 */
export const passwordHash = (password: string): string => bytesToHex(sha256(utf8ToBytes(password)));
