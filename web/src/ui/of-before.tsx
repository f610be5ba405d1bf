import { Box } from '@mantine/core';
import type { ReactNode } from 'react';

interface OfBeforeProps {
  /** What is shown is of before, while what was asked for is on its way: `isPlaceholderData` of a query. */
  when: boolean;
  children: ReactNode;
}

/** A list that says when it is of before: dimmed, unless the new one is there in a moment. Its boxes are to be disabled. */
export const OfBefore = ({ when, children }: OfBeforeProps) => (
  <Box
    aria-busy={when}
    style={when ? { opacity: 0.5, transition: 'opacity 100ms ease-out 150ms' } : undefined}
  >
    {children}
  </Box>
);
