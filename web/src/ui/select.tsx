import { Input, InputBase, type SelectProps, type Select as Whole } from '@mantine/core';
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { labelOf } from './label-of.ts';
import { notifyError } from './notify.ts';
import classes from './select.module.css';

let loaded: typeof Whole | undefined;
const load = async () => {
  loaded ??= (await import('./select-parts.ts')).Select;
  return loaded;
};
const prepare = () => void load().catch(() => undefined);

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

/** What somebody did to the field while nothing but the field was there. */
interface Start {
  focus: boolean;
  open: boolean;
}

/**
 * Mantine's list of choices, of which nothing but the field is there until it gets the focus or is clicked: the list
 * and what places it are a good part of a first load. Once one was opened, all that follow are whole from the start.
 */
export function Select<Value extends string = string>(props: LazySelectProps<Value>) {
  const [Parts, setParts] = useState<typeof Whole | undefined>(() => loaded);
  const start = useRef<Start>({ focus: false, open: false });
  const field = useRef<HTMLInputElement>(null);
  if (Parts) return <WholeSelect {...props} parts={Parts} start={start.current} />;
  const become = (open: boolean) => {
    start.current.open ||= open;
    load().then((part) => {
      start.current.focus = document.activeElement === field.current;
      setParts(() => part);
    }, notifyError);
  };
  return <Field {...props} field={field} become={become} />;
}

type WholeProps<Value extends string> = LazySelectProps<Value> & { parts: typeof Whole; start: Start };

/** The field was drawn anew: it gets back the focus that it had, and opens if that was asked for. */
function WholeSelect<Value extends string>({ parts: Parts, start, ...props }: WholeProps<Value>) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const { focus, open } = start;
    // Once only, however often the effect runs.
    start.focus = false;
    start.open = false;
    if (focus || open) field.current?.focus();
    if (open) field.current?.click();
  }, [start]);
  return <Parts<Value> {...props} ref={field} />;
}

const openingKeys = ['ArrowDown', 'ArrowUp', 'Enter', ' '];

interface FieldState {
  field: RefObject<HTMLInputElement | null>;
  /** Draws the whole in its place; `open` with its list. */
  become: (open: boolean) => void;
}

/** The field as Mantine draws it, with no list yet. */
function Field<Value extends string>(props: LazySelectProps<Value> & FieldState) {
  const { field, become, data, value, onChange, searchable, clearable, allowDeselect, limit, ...others } =
    props;
  const { comboboxProps, renderOption, nothingFoundMessage, searchValue, onSearchChange, ...input } = others;
  /** The mouse is on its way to a click: what is under it must stay until then. */
  const pressed = useRef(false);
  const press = (event: KeyboardEvent) => {
    if (input.disabled || !openingKeys.includes(event.key)) return;
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
      value={labelOf(data ?? [], value) || searchValue || ''}
      onChange={() => become(true)}
      onPointerEnter={prepare}
      onPointerDown={() => {
        pressed.current = true;
      }}
      onFocus={(event) => {
        input.onFocus?.(event);
        if (pressed.current) prepare();
        else become(false);
      }}
      onBlur={(event) => {
        pressed.current = false;
        input.onBlur?.(event);
      }}
      onClick={() => {
        pressed.current = false;
        if (!input.disabled) become(true);
      }}
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

function Chevron({ small, error }: { small: boolean; error: boolean }) {
  return (
    <svg
      viewBox="0 0 15 15"
      className={classes.chevron}
      data-small={small || undefined}
      data-error={error || undefined}
      aria-hidden
    >
      <path
        fill="currentColor"
        fillRule="evenodd"
        d="M4.93179 5.43179C4.75605 5.60753 4.75605 5.89245 4.93179 6.06819C5.10753 6.24392 5.39245 6.24392 5.56819 6.06819L7.49999 4.13638L9.43179 6.06819C9.60753 6.24392 9.89245 6.24392 10.0682 6.06819C10.2439 5.89245 10.2439 5.60753 10.0682 5.43179L7.81819 3.18179C7.73379 3.0974 7.61933 3.04999 7.49999 3.04999C7.38064 3.04999 7.26618 3.0974 7.18179 3.18179L4.93179 5.43179ZM10.0682 9.56819C10.2439 9.39245 10.2439 9.10753 10.0682 8.93179C9.89245 8.75606 9.60753 8.75606 9.43179 8.93179L7.49999 10.8636L5.56819 8.93179C5.39245 8.75606 5.10753 8.75606 4.93179 8.93179C4.75605 9.10753 4.75605 9.39245 4.93179 9.56819L7.18179 11.8182C7.35753 11.9939 7.64245 11.9939 7.81819 11.8182L10.0682 9.56819Z"
      />
    </svg>
  );
}
