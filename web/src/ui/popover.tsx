import type { PopoverProps, Popover as Whole } from '@mantine/core';
import { cloneElement, type ReactElement, type ReactNode, useEffect, useRef, useState } from 'react';
import { notifyError } from './notify.ts';

const load = () => import('./popover-parts.ts');
const prepare = () => void load().catch(() => undefined);

interface LazyPopoverProps extends Omit<PopoverProps, 'children' | 'opened' | 'onChange' | 'target'> {
  /** The button that opens it. */
  target: ReactElement<Record<string, unknown>>;
  children: (close: () => void) => ReactNode;
}

/** A box that a button opens. What places it loads when it is opened for the first time; until then, the button is all. */
export function Popover(props: LazyPopoverProps) {
  const [parts, setParts] = useState<typeof Whole>();
  if (parts) return <OpenedPopover {...props} parts={parts} />;
  return cloneElement(props.target, {
    'aria-haspopup': 'dialog',
    'aria-expanded': false,
    onClick: () => void load().then(({ Popover: loaded }) => setParts(() => loaded), notifyError),
    onPointerEnter: prepare,
    onFocus: prepare,
  });
}

/** The button was drawn anew inside of the popover: it gets the focus back. */
function OpenedPopover({
  parts: Parts,
  target,
  children,
  ...props
}: LazyPopoverProps & { parts: typeof Whole }) {
  const [opened, setOpened] = useState(false);
  const button = useRef<HTMLElement>(null);
  useEffect(() => {
    button.current?.focus();
    setOpened(true);
  }, []);
  return (
    <Parts {...props} opened={opened} onChange={setOpened}>
      <Parts.Target>{cloneElement(target, { ref: button, onClick: () => setOpened(!opened) })}</Parts.Target>
      <Parts.Dropdown>{children(() => setOpened(false))}</Parts.Dropdown>
    </Parts>
  );
}
