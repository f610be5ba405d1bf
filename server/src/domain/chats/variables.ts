import type { ChatVariable } from '@lectern/contract/workflow.ts';

type Values = Record<string, unknown>;

const own = (values: Values, key: string | null | undefined): unknown =>
  key != null && key !== '' && Object.hasOwn(values, key) ? (values[key] ?? undefined) : undefined;

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** A value as the variable's declared type; what cannot be read as that type stays as it is. */
export function coerce(value: unknown, valueType: string | null | undefined): unknown {
  if (value === undefined || value === null || valueType == null || valueType === 'any') return value;
  if (valueType === 'string')
    return typeof value === 'string'
      ? value
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value);
  if (valueType === 'number') {
    const number = Number(value);
    return Number.isNaN(number) ? value : number;
  }
  if (valueType === 'boolean') return value === 'false' || value === '0' ? false : Boolean(value);
  if (valueType.startsWith('array')) {
    if (Array.isArray(value)) return value;
    const read = parsed(value);
    return Array.isArray(read) ? read : [value];
  }
  if (valueType === 'object') {
    const read = parsed(value);
    return read !== null && typeof read === 'object' ? read : value;
  }
  return value;
}

/**
 * The global variables of a run, by key: only declared ones, from the request (by label, then key), else from the
 * chat, else the default; coerced to their type.
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
    if (value !== undefined && value !== null) resolved[variable.key] = coerce(value, variable.valueType);
  }
  return resolved;
}
