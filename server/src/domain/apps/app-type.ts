import { fail } from '../../kernel/errors.ts';

/** Types as they are stored; newer FastGPT versions say `workflow` for `advanced` and `workflowTool` for `plugin`. */
const stored: Readonly<Record<string, string>> = {
  folder: 'folder',
  simple: 'simple',
  advanced: 'advanced',
  workflow: 'advanced',
  plugin: 'plugin',
  workflowTool: 'plugin',
};

/** The stored type of what a caller asks for; notAvailableYet for types that Lectern does not have. */
export function storedType(type: string): string {
  const known = Object.hasOwn(stored, type) ? stored[type] : undefined;
  if (known) return known;
  const hint = {
    en: 'Use "simple", "advanced", "plugin" or "folder".',
    zh: '请使用 "simple"、"advanced"、"plugin" 或 "folder"。',
  };
  throw fail('notAvailableYet', { params: { field: 'type', value: type, hint }, param: 'type' });
}
