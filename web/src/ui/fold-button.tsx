import { Button } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface FoldButtonProps {
  opened: boolean;
  onClick: () => void;
  /** Id of what it opens. */
  controls: string;
  children: ReactNode;
}

/** Opens what most people leave as it is. */
export function FoldButton({ opened, onClick, controls, children }: FoldButtonProps) {
  const Chevron = opened ? IconChevronDown : IconChevronRight;
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      color="gray"
      onClick={onClick}
      aria-expanded={opened}
      aria-controls={controls}
      leftSection={<Chevron size={14} aria-hidden />}
      style={{ alignSelf: 'flex-start' }}
    >
      {children}
    </Button>
  );
}
