import type { z } from 'zod';

/**
 * Throws when an answer is not what the contract declares: wrong types, missing fields, or fields that are not
 * declared (how internal columns leak). Used by tests on every request.
 */
export function checkResponse(operation: string, schema: z.ZodType, answer: unknown): void {
  const wire: unknown = answer === undefined ? null : JSON.parse(JSON.stringify(answer));
  const parsed = schema.safeParse(wire);
  if (!parsed.success) throw new Error(`answer of ${operation} breaks its contract: ${parsed.error.message}`);
  const extra = undeclared(wire, parsed.data, '');
  if (extra !== undefined) throw new Error(`answer of ${operation} has an undeclared field ${extra}`);
}

function undeclared(sent: unknown, declared: unknown, path: string): string | undefined {
  if (sent === null || typeof sent !== 'object' || declared === null || typeof declared !== 'object')
    return undefined;
  for (const [key, value] of Object.entries(sent)) {
    const at = `${path}.${key}`;
    if (!(key in declared)) return at;
    const found = undeclared(value, (declared as Record<string, unknown>)[key], at);
    if (found !== undefined) return found;
  }
  return undefined;
}
