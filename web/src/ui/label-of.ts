import type { ComboboxData } from '@mantine/core';

/** What is written in a list of choices, which may be in groups, for a value; '' = it is not among them. */
export function labelOf(data: ComboboxData, value: string | null | undefined): string {
  for (const item of data.flatMap((entry) => (isGroup(entry) ? entry.items : [entry]))) {
    if (typeof item === 'string' ? item === value : item.value === value)
      return typeof item === 'object' && 'label' in item ? item.label : (value ?? '');
  }
  return '';
}

type Entry = ComboboxData[number];

const isGroup = (entry: Entry): entry is Extract<Entry, { group: unknown }> =>
  typeof entry === 'object' && 'group' in entry;
