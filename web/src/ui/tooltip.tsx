import { cloneElement, type PointerEvent, type ReactElement, useEffect, useRef } from 'react';
import { hideTip, showTip } from './tooltip-store.ts';

interface TooltipProps {
  label: string;
  disabled?: boolean;
  /** Long labels take several lines, `maw` pixels wide. */
  multiline?: boolean;
  maw?: number;
  onPointerEnter?: (event: PointerEvent) => void;
  /** One element that takes pointer events; what else the tooltip is given goes to it. */
  children: ReactElement<Record<string, unknown>>;
  [more: string]: unknown;
}

/**
 * Says what something is while the mouse is over it. What draws it loads with the first one that is shown, and stands
 * once on the page: a list of a thousand tooltips costs no more than its elements. It is for eyes: give what it stands
 * on an `aria-label` where its text does not say the same.
 */
export function Tooltip({ label, disabled = false, multiline, maw, children, ...more }: TooltipProps) {
  const anchor = useRef<Element>(undefined);
  useEffect(() => {
    const element = anchor.current;
    if (element) showTip({ anchor: element, label, multiline, maw });
  }, [label, multiline, maw]);
  useEffect(
    () => () => {
      if (anchor.current) hideTip(anchor.current);
    },
    [],
  );
  const leave = () => {
    if (anchor.current) hideTip(anchor.current);
    anchor.current = undefined;
  };
  const enter = (event: PointerEvent) => {
    more.onPointerEnter?.(event);
    const { currentTarget, pointerType } = event;
    if (disabled || pointerType === 'touch') return;
    anchor.current = currentTarget;
    showTip({ anchor: currentTarget, label, multiline, maw });
  };
  return cloneElement(children, { ...more, onPointerEnter: enter, onPointerLeave: leave });
}
