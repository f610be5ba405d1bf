import { createHash, timingSafeEqual } from 'node:crypto';
import { fail } from '../../kernel/errors.ts';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Refuses who may not read the metrics: with a token set, all who do not send it; without, all who are not local. */
export function requireMetricsReader(
  token: string | undefined,
  reader: { bearer: string | undefined; local: boolean },
): void {
  if (token === undefined) {
    if (!reader.local) throw fail('metricsForbidden');
    return;
  }
  // Digests have one length, so that comparing takes the same time whatever was sent.
  if (!timingSafeEqual(digest(reader.bearer ?? ''), digest(token))) throw fail('metricsTokenWrong');
}
