import type { ChatVariable } from '@lectern/contract/workflow.ts';
import type { AppVariable, VariableType } from './settings.ts';

const valueTypes: Record<Exclude<VariableType, 'other'>, string> = {
  input: 'string',
  textarea: 'string',
  numberInput: 'number',
  select: 'string',
  switch: 'boolean',
};

const known = new Set([
  'key',
  'label',
  'type',
  'valueType',
  'required',
  'description',
  'defaultValue',
  'list',
]);
const isType = (type: unknown): type is keyof typeof valueTypes =>
  typeof type === 'string' && Object.hasOwn(valueTypes, type);

/** Options as newer exports (`list`) and older ones (`enums`) have them. */
function optionsOf(variable: ChatVariable): string[] {
  const { list, enums } = variable as { list?: unknown; enums?: unknown };
  const items: unknown[] = Array.isArray(list) && list.length > 0 ? list : Array.isArray(enums) ? enums : [];
  return items.flatMap((item) => {
    const value = typeof item === 'object' && item !== null && 'value' in item ? item.value : item;
    return typeof value === 'string' && value !== '' ? [value] : [];
  });
}

function defaultOf(value: unknown, type: VariableType): AppVariable['defaultValue'] {
  if (type === 'switch') return value === true || value === 'true';
  if (type === 'numberInput') {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? number : '';
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The variable as the form shows it. */
export function readVariable(variable: ChatVariable): AppVariable {
  const type = variable.type ?? 'input';
  const shown = {
    key: variable.key,
    label: variable.label ?? variable.key,
    required: variable.required ?? false,
    description: typeof variable.description === 'string' ? variable.description : '',
  };
  if (!isType(type)) return { ...shown, type: 'other', defaultValue: '', options: [], rest: variable };
  return {
    ...shown,
    type,
    defaultValue: defaultOf(variable.defaultValue, type),
    options: optionsOf(variable),
    rest: Object.fromEntries(Object.entries(variable).filter(([name]) => !known.has(name))),
  };
}

/** The variable as the document holds it. */
export function writeVariable(variable: AppVariable): ChatVariable {
  const { rest, options, defaultValue, type, ...others } = variable;
  if (type === 'other') return { ...rest, key: others.key };
  const { enums: _older, ...kept } = rest;
  return {
    ...kept,
    ...others,
    type,
    label: others.label || others.key,
    valueType: valueTypes[type],
    ...(defaultValue !== '' && { defaultValue }),
    ...(type === 'select' && { list: options.map((value) => ({ label: value, value })) }),
  };
}
