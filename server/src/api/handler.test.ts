import { contract } from '@lectern/contract/contract.ts';
import { endpoint } from '@lectern/contract/endpoint.ts';
import type { Text } from '@lectern/contract/lang.ts';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Handlers } from './handler.ts';
import { handlers } from './index.ts';

/*
 * What must not compile. Each line marked as an expected error fails the type check (`npm run check`) on the day it
 * begins to compile.
 */

const declared = {
  ping: endpoint({
    method: 'POST',
    path: '/ping',
    callers: ['session'],
    tag: 'system',
    summary: { en: 'Ping', zh: '探测' },
    body: z.object({ times: z.number() }),
    response: { kind: 'envelope', schema: z.object({ pong: z.string() }) },
  }),
};

// @ts-expect-error an endpoint without a handler
export const missing: Handlers<typeof declared> = {};

// @ts-expect-error a handler that answers something else than it declared
export const wrongAnswer: Handlers<typeof declared> = { ping: () => ({ pong: 1 }) };

export const wrongInput: Handlers<typeof declared> = {
  // @ts-expect-error a handler that reads a field which is not declared
  ping: (input) => ({ pong: String(input.count) }),
};

export const right: Handlers<typeof declared> = {
  ping: (input, { caller }) => ({ pong: `${caller.memberId} ${input.times.toFixed()}` }),
};

// @ts-expect-error a text without Chinese
export const englishOnly: Text = { en: 'Ping' };

export const undocumented = endpoint({
  method: 'POST',
  path: '/ping',
  callers: ['session'],
  tag: 'system',
  // @ts-expect-error a summary without Chinese
  summary: { en: 'Ping' },
  response: { kind: 'envelope', schema: z.null() },
});

test('every endpoint has exactly one handler', () => {
  expect(Object.keys(handlers).sort()).toEqual(Object.keys(contract).sort());
});
