import { rem } from '@mantine/core';
import type { ReactNode } from 'react';

/**
 * Lets a table that is wider than the screen scroll in a box of its own. Mantine's does it with bars that it draws,
 * which nearly every screen would load.
 * @param minWidth pixels below which the table does not go
 */
export function TableScroll({ minWidth, children }: { minWidth: number; children: ReactNode }) {
  return (
    <div style={{ overflowX: 'auto', scrollbarWidth: 'thin' }}>
      <div style={{ minWidth: rem(minWidth) }}>{children}</div>
    </div>
  );
}
