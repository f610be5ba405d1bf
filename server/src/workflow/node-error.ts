import type { Lang } from '@lectern/contract/lang.ts';
import { AppError, fail } from '../kernel/errors.ts';
import type { NodeResult } from './ports.ts';

type NodeError = NonNullable<NodeResult['error']>;

/** What a caller may know of a failure: the text of a known error, a general one of a bug (its cause is for the log). */
export function nodeErrorOf(error: unknown, nodeName: string, lang: Lang): NodeError {
  const known = error instanceof AppError ? error : fail('nodeFailed', { params: { node: nodeName } });
  return { name: known.errorName, message: known.text(lang), cause: error };
}
