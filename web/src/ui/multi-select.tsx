import type { MultiSelectProps, MultiSelect as Whole } from '@mantine/core';
import { labelOf } from './label-of.ts';
import { type FieldSource, type FieldStart, useLazyField, useStart } from './lazy-field.ts';
import { PillsField } from './pills-field.tsx';

const source: FieldSource<typeof Whole> = {
  load: async () => (await import('./multi-select-parts.ts')).MultiSelect,
};

/** The choices are always kept outside: `value` and `onChange`. */
type LazyProps = Pick<
  MultiSelectProps,
  | 'aria-label'
  | 'clearable'
  | 'data'
  | 'description'
  | 'disabled'
  | 'error'
  | 'hidePickedOptions'
  | 'label'
  | 'nothingFoundMessage'
  | 'onBlur'
  | 'onChange'
  | 'onFocus'
  | 'onSearchChange'
  | 'placeholder'
  | 'required'
  | 'searchable'
  | 'searchValue'
  | 'value'
  | 'w'
>;

/** Mantine's list of which several can be chosen; its list loads as that of a {@link Select} does. */
export function MultiSelect(props: LazyProps) {
  const { parts, start, state } = useLazyField(source);
  if (parts) return <WholeSelect {...props} parts={parts} start={start} />;
  const { data, value, onChange, searchable, nothingFoundMessage, hidePickedOptions, ...others } = props;
  const { onSearchChange, searchValue, ...input } = others;
  return (
    <PillsField
      {...input}
      {...state}
      readOnly={!searchable}
      pills={(value ?? []).map((one) => ({ value: one, label: labelOf(data ?? [], one) || one }))}
      onPills={(values) => onChange?.(values)}
      onTyped={onSearchChange}
    />
  );
}

/** What was typed meanwhile is what is searched for. */
function WholeSelect({
  parts: Parts,
  start,
  ...props
}: LazyProps & { parts: typeof Whole; start: FieldStart }) {
  const field = useStart(start);
  return <Parts {...props} ref={field} defaultSearchValue={start.typed} />;
}
