import { ActionIcon, type ActionIconProps } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import { Tooltip } from './tooltip.tsx';

interface IconActionProps extends Pick<ActionIconProps, 'color' | 'loading' | 'disabled'> {
  /** What it does, for the tooltip and for those who do not see the icon. */
  label: string;
  icon: Icon;
  onClick?: (() => void) | undefined;
}

/** A small button with an icon alone, as in rows and heads of drawers. */
export function IconAction({ label, icon: Icon, color = 'gray', ...button }: IconActionProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color={color} aria-label={label} {...button}>
        <Icon size={18} stroke={1.6} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
