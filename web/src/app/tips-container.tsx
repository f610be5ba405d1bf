import { Tooltip } from '@mantine/core';
import { useRef } from 'react';
import type { Tip } from '../ui/tooltip-store.ts';

/** Draws the one tooltip of the page; without a tip, the last one fades away. */
export default function TipsContainer({ tip }: { tip: Tip | undefined }) {
  const last = useRef(tip);
  if (tip) last.current = tip;
  const { current } = last;
  if (!(current?.anchor instanceof HTMLElement)) return null;
  const { anchor, label, multiline = false, maw } = current;
  return (
    <Tooltip
      target={anchor}
      opened={tip !== undefined}
      label={label}
      multiline={multiline}
      {...(maw && { maw })}
    />
  );
}
