import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSecretBox } from './secret-box.ts';
import { createTokenSigner } from './signed-token.ts';

const newBox = (dataDir = mkdtempSync(join(tmpdir(), 'lectern-token-'))) =>
  createSecretBox({ dataDir, secretKey: undefined, previousSecretKey: undefined });

test('a token says what was signed, for its purpose and its time only', () => {
  let time = 1000;
  const signer = createTokenSigner(newBox(), () => time);
  const token = signer.sign('file', { fileId: 'f1', teamId: 't1' }, 500);
  expect(signer.open('file', token)).toEqual({ fileId: 'f1', teamId: 't1' });
  expect(signer.open('image', token)).toBeUndefined();
  time = 1500;
  expect(signer.open('file', token)).toBeUndefined();
});

test('a token that was changed, forged, or made under another key is nothing', () => {
  const signer = createTokenSigner(newBox());
  const token = signer.sign('file', { fileId: 'f1' }, 60_000);
  const [body = '', signature = ''] = token.split('.');
  const other = Buffer.from(JSON.stringify({ fileId: 'f2', exp: Date.now() + 60_000 })).toString('base64url');
  for (const wrong of [
    '',
    '.',
    body,
    `${body}.`,
    `${other}.${signature}`,
    `${token}.x`,
    `${body}.${'A'.repeat(43)}`,
  ]) {
    expect(signer.open('file', wrong)).toBeUndefined();
  }
  expect(createTokenSigner(newBox()).open('file', token)).toBeUndefined();
});

test('a token outlives a new key, and dies with its own', () => {
  const box = newBox();
  const signer = createTokenSigner(box);
  const token = signer.sign('file', { fileId: 'f1' }, 60_000);
  box.addKey();
  expect(signer.open('file', token)).toEqual({ fileId: 'f1' });
  box.dropOldKeys();
  expect(signer.open('file', token)).toBeUndefined();
});
