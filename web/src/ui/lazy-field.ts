import { type FocusEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { notifyError } from './notify.ts';

/** What somebody did to a field while nothing but the field was there. */
export interface FieldStart {
  focus: boolean;
  open: boolean;
  typed: string;
}

/** How a field stands that is not whole yet. */
export interface FieldState {
  field: RefObject<HTMLInputElement | null>;
  /** Loads the whole without drawing it. */
  prepare: () => void;
  /** Draws the whole in its place; `open` with its list. */
  become: (open: boolean) => void;
}

/** Where the whole of a kind of field comes from. */
export interface FieldSource<Whole> {
  /** Is there once it was needed. */
  loaded?: Whole;
  load: () => Promise<Whole>;
}

async function wholeOf<Whole>(source: FieldSource<Whole>): Promise<Whole> {
  source.loaded ??= await source.load();
  return source.loaded;
}

/**
 * A field of which nothing but the field is there until it gets the focus or is clicked. Once one was, all that follow
 * of its kind are whole from the start.
 */
export function useLazyField<Whole>(source: FieldSource<Whole>) {
  const [parts, setParts] = useState<Whole | undefined>(() => source.loaded);
  const start = useRef<FieldStart>({ focus: false, open: false, typed: '' });
  const field = useRef<HTMLInputElement>(null);
  const prepare = () => void wholeOf(source).catch(() => undefined);
  const become = (open: boolean) => {
    start.current.open ||= open;
    wholeOf(source).then((whole) => {
      start.current.focus = document.activeElement === field.current;
      start.current.typed = field.current?.value ?? '';
      // At once, with the focus: a key in between would be lost.
      flushSync(() => setParts(() => whole));
    }, notifyError);
  };
  return { parts, start: start.current, state: { field, prepare, become } };
}

/** The field was drawn anew: it gets back the focus that it had, and opens if that was asked for. */
export function useStart(start: FieldStart): RefObject<HTMLInputElement | null> {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const { focus, open } = start;
    // Once only, however often the effect runs.
    start.focus = false;
    start.open = false;
    if (focus || open) field.current?.focus();
    if (open) field.current?.click();
  }, [start]);
  return field;
}

interface Heard {
  disabled?: boolean | undefined;
  onFocus?: ((event: FocusEvent<HTMLInputElement>) => void) | undefined;
  onBlur?: ((event: FocusEvent<HTMLInputElement>) => void) | undefined;
}

/** What makes a field whole: the focus, or a click once it is done; until then the same field must stay under the mouse. */
export function useBecoming({ prepare, become }: FieldState, { disabled, onFocus, onBlur }: Heard) {
  const pressed = useRef(false);
  return {
    onPointerEnter: prepare,
    onPointerDown: () => {
      pressed.current = true;
    },
    onFocus: (event: FocusEvent<HTMLInputElement>) => {
      onFocus?.(event);
      if (pressed.current) prepare();
      else become(false);
    },
    onBlur: (event: FocusEvent<HTMLInputElement>) => {
      pressed.current = false;
      onBlur?.(event);
    },
    onClick: () => {
      pressed.current = false;
      if (!disabled) become(true);
    },
  };
}
