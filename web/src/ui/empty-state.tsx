import { Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** What a list shows when there is nothing in it: what belongs here, and what to do next. */
export function EmptyState(props: { icon: Icon; title: string; text: string; children?: ReactNode }) {
  return (
    <Stack align="center" gap="sm" py={64} px="md" ta="center">
      <ThemeIcon size={56} radius="xl" variant="light">
        <props.icon size={28} stroke={1.5} aria-hidden />
      </ThemeIcon>
      <Title order={2} size="h4">
        {props.title}
      </Title>
      <Text c="dimmed" maw={460}>
        {props.text}
      </Text>
      {props.children}
    </Stack>
  );
}
