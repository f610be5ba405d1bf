import type { ChatVariable } from '@lectern/contract/workflow.ts';
import { coerce } from '../../workflow/coerce.ts';

type Values = Record<string, unknown>;

const own = (values: Values, key: string | null | undefined): unknown =>
  key != null && key !== '' && Object.hasOwn(values, key) ? (values[key] ?? undefined) : undefined;

/**
 * The global variables of a run, by key: only declared ones, from the request (by label, then key), else from the
 * chat, else the default; coerced to their type. One without a value is there all the same, so that prompts which name
 * it get an empty text.
 */
export function resolveVariables(declared: readonly ChatVariable[], request: Values, stored: Values): Values {
  const resolved: Values = {};
  for (const variable of declared) {
    if (variable.key === '__proto__') continue;
    const value =
      own(request, variable.label) ??
      own(request, variable.key) ??
      own(stored, variable.key) ??
      variable.defaultValue;
    resolved[variable.key] = coerce(value ?? undefined, variable.valueType);
  }
  return resolved;
}
