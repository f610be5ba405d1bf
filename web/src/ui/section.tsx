import { Box, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** A part of a screen with a title, a line that explains it, and its own buttons. */
export function Section(props: { title: string; text?: string; actions?: ReactNode; children?: ReactNode }) {
  return (
    <Paper withBorder p={{ base: 'md', md: 'lg' }} component="section">
      <Stack gap="md">
        <Group justify="space-between" align="flex-start" gap="sm">
          <Box flex="1 1 240px" miw={0}>
            <Title order={2} size="h4">
              {props.title}
            </Title>
            {props.text && (
              <Text c="dimmed" size="sm" mt={2}>
                {props.text}
              </Text>
            )}
          </Box>
          {props.actions && <Group gap="xs">{props.actions}</Group>}
        </Group>
        {props.children}
      </Stack>
    </Paper>
  );
}
