import { expect, it } from 'vitest';
import { clientHash, generatePassword, hashPassword, isCommonPassword, verifyPassword } from './password.ts';

it('a stored password verifies, another does not, and nothing verifies against no account', async () => {
  const stored = await hashPassword(clientHash('correct'));
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(stored).not.toContain(clientHash('correct'));
  expect(await verifyPassword(clientHash('correct'), stored)).toBe(true);
  expect(await verifyPassword(clientHash('wrong'), stored)).toBe(false);
  expect(await verifyPassword(clientHash('correct'), undefined)).toBe(false);
  expect(await verifyPassword(clientHash('correct'), 'not a hash')).toBe(false);
  expect(await hashPassword(clientHash('correct'))).not.toBe(stored);
});

it('the defaults of other products count as common', () => {
  for (const typed of ['1234', '123456', 'admin', 'password', ''])
    expect(isCommonPassword(clientHash(typed))).toBe(true);
  expect(isCommonPassword(clientHash('a long first password'))).toBe(false);
});

it('a generated password is long, readable and new each time', () => {
  const passwords = Array.from({ length: 20 }, generatePassword);
  for (const password of passwords) expect(password).toMatch(/^([a-hjkmnp-z2-9]{5}-){3}[a-hjkmnp-z2-9]{5}$/);
  expect(new Set(passwords).size).toBe(20);
});
