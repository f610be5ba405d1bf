import { Box, Grid, Stack } from '@mantine/core';
import type { ReactNode } from 'react';

/** What is imported and how at the left, what becomes of it at the right; below each other on small screens. */
export function TwoColumns({ children, preview }: { children: ReactNode; preview: ReactNode }) {
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Stack gap="md">{children}</Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Box pos={{ md: 'sticky' }} top={68}>
          {preview}
        </Box>
      </Grid.Col>
    </Grid>
  );
}
