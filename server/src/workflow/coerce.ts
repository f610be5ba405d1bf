import JSON5 from 'json5';

/** JSON5 of a text; `undefined` when it is none. */
function parseText(text: string): unknown {
  try {
    return JSON5.parse(text);
  } catch {
    return undefined;
  }
}

function toObject(value: unknown): unknown {
  if (typeof value === 'object') return value;
  const parsed = typeof value === 'string' ? parseText(value) : undefined;
  return typeof parsed === 'object' && parsed !== null ? parsed : {};
}

function toArray(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  const parsed = typeof value === 'string' ? parseText(value) : undefined;
  return Array.isArray(parsed) ? parsed : [value];
}

/** History, quotes, chosen datasets: lists or a number (of rounds), also as text. */
function toSpecial(value: unknown): unknown {
  return typeof value === 'string' ? (parseText(value) ?? []) : value;
}

/**
 * A value as an input of that `valueType` takes it (spec 4.5). Undefined and null stay as they are; an unknown type
 * leaves the value alone. `number` gives undefined for text that is no number, so that defaults apply.
 */
export function coerce(value: unknown, valueType: string | null | undefined): unknown {
  if (value === undefined || value === null) return value;
  switch (valueType) {
    case 'string':
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
    case 'number': {
      if (typeof value === 'string' && value.trim() === '') return undefined;
      const number = Number(value);
      return Number.isNaN(number) ? undefined : number;
    }
    case 'boolean':
      return typeof value === 'string' ? value.trim().toLowerCase() === 'true' : Boolean(value);
    case 'object':
      return toObject(value);
    case 'arrayString':
    case 'arrayNumber':
    case 'arrayBoolean':
    case 'arrayObject':
    case 'arrayAny':
      return toArray(value);
    case 'chatHistory':
    case 'datasetQuote':
    case 'selectDataset':
    case 'selectApp':
      return toSpecial(value);
    default:
      return value;
  }
}
