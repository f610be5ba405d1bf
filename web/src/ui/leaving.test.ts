import { expect, test, vi } from 'vitest';
import { leaving } from './leaving.ts';

test('asks about everything that would be lost, until something is to stay', async () => {
  const second = vi.fn(() => true);
  const letFirst = leaving.hold({ mayGo: async () => false });
  const letSecond = leaving.hold({ mayGo: second });
  expect(await leaving.mayGo()).toBe(false);
  expect(second).not.toHaveBeenCalled();
  letFirst();
  expect(await leaving.mayGo()).toBe(true);
  expect(second).toHaveBeenCalledOnce();
  letSecond();
});

test('drops what one person has when another one is there, and only then', () => {
  const drop = vi.fn();
  const letGo = leaving.hold({ mayGo: () => true, drop });
  leaving.belongTo('a');
  leaving.belongTo('a');
  expect(drop).not.toHaveBeenCalled();
  leaving.belongTo('b');
  expect(drop).toHaveBeenCalledOnce();
  letGo();
});
