import { Input, InputBase, type SelectProps, type Select as Whole } from '@mantine/core';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { Chevron } from './chevron.tsx';
import { labelOf } from './label-of.ts';
import {
  type FieldSource,
  type FieldStart,
  type FieldState,
  useBecoming,
  useLazyField,
  useStart,
} from './lazy-field.ts';

const source: FieldSource<typeof Whole> = {
  load: async () => (await import('./select-parts.ts')).Select,
};

/** The choice is always kept outside: `value` and `onChange`. */
type LazySelectProps<Value extends string> = Pick<SelectProps<Value>, Given>;

type Given =
  | 'allowDeselect'
  | 'aria-label'
  | 'clearable'
  | 'comboboxProps'
  | 'data'
  | 'description'
  | 'disabled'
  | 'error'
  | 'inputWrapperOrder'
  | 'label'
  | 'leftSection'
  | 'limit'
  | 'maw'
  | 'mb'
  | 'miw'
  | 'nothingFoundMessage'
  | 'onBlur'
  | 'onChange'
  | 'onFocus'
  | 'onSearchChange'
  | 'placeholder'
  | 'renderOption'
  | 'required'
  | 'searchable'
  | 'searchValue'
  | 'size'
  | 'style'
  | 'value'
  | 'w'
  | 'withAsterisk';

/**
 * Mantine's list of choices, of which nothing but the field is there until it gets the focus or is clicked: the list
 * and what places it are a good part of a first load. Once one was opened, all that follow are whole from the start.
 */
export function Select<Value extends string = string>(props: LazySelectProps<Value>) {
  const { parts, start, state } = useLazyField(source);
  if (parts) return <WholeSelect {...props} parts={parts} start={start} />;
  return <Field {...props} {...state} />;
}

type WholeProps<Value extends string> = LazySelectProps<Value> & { parts: typeof Whole; start: FieldStart };

/** What was typed meanwhile is what is searched for. */
function WholeSelect<Value extends string>({ parts: Parts, start, ...props }: WholeProps<Value>) {
  const field = useStart(start);
  useEffect(() => {
    const { typed } = start;
    // Once only, however often the effect runs.
    start.typed = '';
    if (field.current && typed !== '' && typed !== field.current.value) typeInto(field.current, typed);
  }, [start, field]);
  return <Parts<Value> {...props} ref={field} />;
}

/** As if somebody typed it there. */
function typeInto(field: HTMLInputElement, text: string): void {
  // React hears of a value only that was set past its own setter.
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

const openingKeys = ['ArrowDown', 'ArrowUp', 'Enter', ' '];

/** The field as Mantine draws it, with no list yet. */
function Field<Value extends string>(props: LazySelectProps<Value> & FieldState) {
  const {
    field,
    prepare,
    become,
    data,
    value,
    onChange,
    searchable,
    clearable,
    allowDeselect,
    limit,
    ...others
  } = props;
  const { comboboxProps, renderOption, nothingFoundMessage, searchValue, onSearchChange, ...input } = others;
  const handlers = useBecoming({ field, prepare, become }, input);
  const [typed, setTyped] = useState<string>();
  const press = (event: KeyboardEvent) => {
    // In words that are typed, a space or Enter chooses nothing yet.
    if (input.disabled || typed !== undefined || !openingKeys.includes(event.key)) return;
    event.preventDefault();
    become(true);
  };
  return (
    <InputBase
      {...input}
      ref={field}
      role="combobox"
      aria-haspopup="listbox"
      aria-expanded={false}
      autoComplete="off"
      pointer={!searchable}
      readOnly={!searchable}
      value={typed ?? (labelOf(data ?? [], value) || searchValue || '')}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        become(true);
      }}
      {...handlers}
      onKeyDown={press}
      rightSectionPointerEvents="none"
      __clearable={clearable && Boolean(value) && !input.disabled}
      __clearSection={
        <Input.ClearButton
          tabIndex={-1}
          aria-hidden
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChange?.(null, null)}
        />
      }
      __defaultRightSection={<Chevron small={input.size === 'xs'} error={Boolean(input.error)} />}
    />
  );
}
