import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** One subject of the settings of a dataset. */
export function Section({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <Stack component="section">
      <Title order={2} size="h4">
        {title}
      </Title>
      <Text size="sm" c="dimmed">
        {text}
      </Text>
      {children}
    </Stack>
  );
}
