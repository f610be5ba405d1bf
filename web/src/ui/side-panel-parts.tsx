import { Drawer } from '@mantine/core';
import type { SidePanelProps } from './modal.tsx';

export default function SidePanelParts({ label, children, ...props }: SidePanelProps) {
  return (
    <Drawer.Root {...props}>
      <Drawer.Overlay />
      <Drawer.Content aria-label={label} h="100dvh">
        {children}
      </Drawer.Content>
    </Drawer.Root>
  );
}
