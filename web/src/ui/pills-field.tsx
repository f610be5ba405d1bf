import { Input, Pill, PillsInput, type PillsInputProps } from '@mantine/core';
import { type FocusEvent, type KeyboardEvent, useId } from 'react';
import { Chevron } from './chevron.tsx';
import { type FieldState, useBecoming } from './lazy-field.ts';

interface PillsFieldProps extends FieldState {
  pills: readonly { value: string; label: string }[];
  onPills: (values: string[]) => void;
  /** Takes what was typed when it is ended before the list is there; absent = it is a choice of the list only. */
  onEntered?: (text: string) => void;
  onTyped?: ((text: string) => void) | undefined;
  'aria-label'?: string | undefined;
  'data-autofocus'?: boolean;
  clearable?: boolean | undefined;
  description?: PillsInputProps['description'];
  disabled?: boolean | undefined;
  error?: PillsInputProps['error'];
  label?: PillsInputProps['label'];
  onBlur?: ((event: FocusEvent<HTMLInputElement>) => void) | undefined;
  onFocus?: ((event: FocusEvent<HTMLInputElement>) => void) | undefined;
  placeholder?: string | undefined;
  readOnly?: boolean;
  required?: boolean | undefined;
  w?: PillsInputProps['w'];
}

/** The field of what was chosen or written, as Mantine draws it, with no list yet. */
export function PillsField(props: PillsFieldProps) {
  const { field, prepare, become, pills, onPills, onEntered, onTyped, onFocus, onBlur, ...others } = props;
  const { clearable, placeholder, readOnly = false, required, disabled, ...rest } = others;
  const { 'aria-label': label, 'data-autofocus': autofocus, ...input } = rest;
  const id = useId();
  const enter = (text: string) => {
    if (!onEntered || !text.trim()) return false;
    onEntered(text);
    if (field.current) field.current.value = '';
    return true;
  };
  const handlers = useBecoming(
    { field, prepare, become },
    {
      disabled,
      onFocus,
      onBlur: (event) => {
        enter(event.currentTarget.value);
        onBlur?.(event);
      },
    },
  );
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    const { key, currentTarget, nativeEvent } = event;
    const last = pills.length - 1;
    if (nativeEvent.isComposing) return;
    if (key === 'Enter' && enter(currentTarget.value)) event.preventDefault();
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      event.preventDefault();
      become(true);
    }
    if (key === 'Backspace' && currentTarget.value === '' && last >= 0)
      onPills(pills.slice(0, last).map(({ value }) => value));
  };
  return (
    <PillsInput
      {...input}
      id={id}
      disabled={disabled ?? false}
      withAsterisk={required ?? false}
      pointer={readOnly}
      onPointerEnter={handlers.onPointerEnter}
      onPointerDown={handlers.onPointerDown}
      onClick={(event) => {
        // Taking one away is no reason to open.
        if (!(event.target instanceof Element && event.target.closest('button'))) handlers.onClick();
      }}
      rightSectionPointerEvents="none"
      {...(!onEntered && { __defaultRightSection: <Chevron error={Boolean(input.error)} /> })}
      __clearable={Boolean(clearable) && pills.length > 0 && !disabled}
      __clearSection={
        <Input.ClearButton
          tabIndex={-1}
          aria-hidden
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onPills([])}
        />
      }
    >
      <Pill.Group disabled={disabled ?? false}>
        {pills.map(({ value, label: text }) => (
          <Pill
            key={value}
            withRemoveButton
            disabled={disabled ?? false}
            onRemove={() => onPills(pills.filter((pill) => pill.value !== value).map((pill) => pill.value))}
          >
            {text}
          </Pill>
        ))}
        <PillsInput.Field
          ref={field}
          id={id}
          role="combobox"
          aria-haspopup="listbox"
          aria-expanded={false}
          aria-label={label}
          {...(autofocus && { 'data-autofocus': true })}
          autoComplete="off"
          placeholder={placeholder}
          readOnly={readOnly}
          pointer={readOnly}
          type={readOnly && pills.length > 0 ? 'auto' : 'visible'}
          onInput={(event) => onTyped?.(event.currentTarget.value)}
          onFocus={handlers.onFocus}
          onBlur={handlers.onBlur}
          onKeyDown={press}
        />
      </Pill.Group>
    </PillsInput>
  );
}
