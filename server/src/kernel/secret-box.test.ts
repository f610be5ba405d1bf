import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSecretBox, keyIdOf, secretKeyFile } from './secret-box.ts';

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

function freshDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'lectern-secrets-'));
  directories.push(directory);
  return directory;
}

const box = (dataDir: string, secretKey?: string, previousSecretKey?: string) =>
  createSecretBox({ dataDir, secretKey, previousSecretKey });

describe('the secret box', () => {
  it('makes its key at the first start, for the owner of the file alone, and another one for each directory', () => {
    const [one, other] = [freshDirectory(), freshDirectory()];
    const sealed = box(one).seal('sk-canary', 'channel:1');
    expect(box(one).open(sealed, 'channel:1')).toBe('sk-canary');
    expect(box(other).open(sealed, 'channel:1')).toBeUndefined();
    expect(statSync(join(one, secretKeyFile)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(one, secretKeyFile), 'utf8')).not.toBe(
      readFileSync(join(other, secretKeyFile), 'utf8'),
    );
  });

  it('seals the same text differently each time and shows nothing of it', () => {
    const secrets = box(freshDirectory());
    const [a, b] = [secrets.seal('sk-canary', 'p'), secrets.seal('sk-canary', 'p')];
    expect(a).not.toBe(b);
    expect(a + Buffer.from(a, 'base64').toString('latin1')).not.toContain('canary');
  });

  it('opens nothing that was moved to another place, changed, or cut', () => {
    const secrets = box(freshDirectory());
    const sealed = secrets.seal('sk-canary', 'channel:1');
    expect(secrets.open(sealed, 'channel:2')).toBeUndefined();
    const body = sealed.split('.')[2] ?? '';
    for (const at of [0, 20, body.length - 2]) {
      const changed = `${body.slice(0, at)}${body[at] === 'A' ? 'B' : 'A'}${body.slice(at + 1)}`;
      expect(secrets.open(sealed.replace(body, changed), 'channel:1')).toBeUndefined();
    }
    for (const text of ['', 'v1', 'v1.x.', sealed.slice(0, -5), sealed.replace('v1', 'v2')])
      expect(secrets.open(text, 'channel:1')).toBeUndefined();
  });

  it('takes SECRET_KEY before the file, and opens with the previous one and the file what they sealed', () => {
    const directory = freshDirectory();
    const ofFile = box(directory).seal('a', 'p');
    const ofFirst = box(directory, 'first key of thirty-two letters..').seal('b', 'p');
    const moved = box(directory, 'second key of thirty-two letters.', 'first key of thirty-two letters..');
    expect(moved.source()).toBe('environment');
    expect([moved.open(ofFile, 'p'), moved.open(ofFirst, 'p')]).toEqual(['a', 'b']);
    expect(keyIdOf(moved.seal('c', 'p'))).not.toBe(keyIdOf(ofFirst));
    expect(box(freshDirectory(), 'second key of thirty-two letters.').open(ofFirst, 'p')).toBeUndefined();
  });

  it('follows a change of the key file while it runs', () => {
    const directory = freshDirectory();
    const running = box(directory);
    const before = running.seal('a', 'p');
    box(directory).addKey();
    const after = running.seal('b', 'p');
    expect(keyIdOf(after)).not.toBe(keyIdOf(before));
    expect(running.open(before, 'p')).toBe('a');
    box(directory).dropOldKeys();
    expect([running.open(before, 'p'), running.open(after, 'p')]).toEqual([undefined, 'b']);
    expect(statSync(join(directory, secretKeyFile)).mode & 0o777).toBe(0o600);
  });

  it('says which file is at fault when there is no key in it', () => {
    const directory = freshDirectory();
    writeFileSync(join(directory, secretKeyFile), 'nonsense\n');
    expect(() => box(directory).seal('a', 'p')).toThrow(secretKeyFile);
  });
});
