import type { TagsInputProps, TagsInput as Whole } from '@mantine/core';
import { type FieldSource, type FieldStart, useLazyField, useStart } from './lazy-field.ts';
import { PillsField } from './pills-field.tsx';

const source: FieldSource<typeof Whole> = {
  load: async () => (await import('./tags-input-parts.ts')).TagsInput,
};

/** The tags are always kept outside: `value` and `onChange`. */
type LazyProps = Pick<
  TagsInputProps,
  | 'acceptValueOnBlur'
  | 'aria-label'
  | 'clearable'
  | 'data'
  | 'description'
  | 'disabled'
  | 'error'
  | 'label'
  | 'limit'
  | 'maxDropdownHeight'
  | 'maxTags'
  | 'onBlur'
  | 'onChange'
  | 'onFocus'
  | 'placeholder'
  | 'required'
  | 'splitChars'
  | 'value'
> & { 'data-autofocus'?: boolean };

/** Mantine's field for words that stand each for itself; its list loads as that of a {@link Select} does. */
export function TagsInput(props: LazyProps) {
  const { parts, start, state } = useLazyField(source);
  if (parts) return <WholeInput {...props} parts={parts} start={start} />;
  const { data, value = [], onChange, splitChars = [','], maxTags, limit, ...others } = props;
  const { acceptValueOnBlur, maxDropdownHeight, ...input } = others;
  return (
    <PillsField
      {...input}
      {...state}
      pills={value.map((tag) => ({ value: tag, label: tag }))}
      onPills={(tags) => onChange?.(tags)}
      onEntered={(text) => onChange?.(withTags(value, text, splitChars).slice(0, maxTags))}
    />
  );
}

function withTags(tags: readonly string[], text: string, splitChars: readonly string[]): string[] {
  const added = splitChars.reduce((parts, mark) => parts.flatMap((part) => part.split(mark)), [text]);
  return [...new Set([...tags, ...added.map((tag) => tag.trim()).filter(Boolean)])];
}

/** What was typed meanwhile is still being typed. */
function WholeInput({
  parts: Parts,
  start,
  ...props
}: LazyProps & { parts: typeof Whole; start: FieldStart }) {
  const field = useStart(start);
  return <Parts {...props} ref={field} defaultSearchValue={start.typed} />;
}
