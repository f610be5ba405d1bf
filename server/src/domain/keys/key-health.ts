import { fail } from '../../kernel/errors.ts';
import type { App } from '../context.ts';
import { findUsableKey } from './check-key.ts';
import { parseKey } from './key-text.ts';

/** Whether a key can be used now, and what it has used; throws what authentication would. Does not count as use. */
export async function keyHealth(app: Pick<App, 'store' | 'keyUsage'>, text: string) {
  const presented = parseKey(text.trim());
  if (!presented) throw fail('keyUnknown');
  const row = await findUsableKey(app, presented);
  return {
    valid: true as const,
    usagePoints: row.usagePoints + app.keyUsage.pending(row.id).points,
    maxUsagePoints: row.maxUsagePoints,
    ...(row.appId !== null && { appId: row.appId }),
  };
}
