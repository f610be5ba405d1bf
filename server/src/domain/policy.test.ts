import { describe, expect, it } from 'vitest';
import type { Role } from '../store/schema.ts';
import type { SessionCaller } from './context.ts';
import { presentPermission } from './policy.ts';

const caller = (role: Role): SessionCaller => ({
  kind: 'session',
  sessionId: 's',
  mustChangePassword: false,
  teamId: 't',
  memberId: 'me',
  userId: 'u',
  role,
  name: 'me',
});

describe('the permission that an object shows', () => {
  it.each([
    ['owner', 'another', 4294967295],
    ['admin', 'another', 7],
    ['editor', 'another', 6],
    ['viewer', 'another', 4],
    ['admin', 'me', 4294967295],
    ['editor', 'me', 4294967295],
    // Made when they were an editor: what they may no longer do is not promised.
    ['viewer', 'me', 4],
  ] as const)('to %s of what %s made is %i', (role, maker, value) => {
    const shown = presentPermission(caller(role), 'dataset', maker);
    expect(shown).toEqual({
      value,
      isOwner: value === 4294967295,
      hasManagePer: value >= 7,
      hasWritePer: value >= 6,
      hasReadPer: true,
    });
  });
});
