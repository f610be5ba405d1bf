import { Badge } from '@mantine/core';

const colors = { A: 'lectern', B: 'orange' } as const;
export type SideLetter = keyof typeof colors;

/** The letter of one side of a comparison; each has its colour everywhere. */
export function SideMark({ side }: { side: SideLetter }) {
  return (
    <Badge circle size="lg" color={colors[side]} variant="filled" style={{ flexShrink: 0 }}>
      {side}
    </Badge>
  );
}
