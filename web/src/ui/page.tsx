import { Box, Group, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';

const usual = 1200;

interface PageProps {
  title: string;
  /** A line below the title. */
  text?: string;
  /** Above the title: the way back, as breadcrumbs. */
  above?: ReactNode;
  /** Buttons at the right of the title. */
  actions?: ReactNode;
  /** Widest content, in pixels; lists and editors may be wider than forms. Titles stand in the same place all the same. */
  width?: number;
  children: ReactNode;
}

/** A screen: its title, also that of the browser's tab, its actions and its content. */
export function Page({ title, text, above, actions, width = usual, children }: PageProps) {
  useDocumentTitle(`${title} · Lectern`);
  return (
    <Box p={{ base: 'md', md: 'lg' }} maw={Math.max(width, usual)} mx="auto" w="100%">
      <Box maw={width}>
        {above && <Box mb="xs">{above}</Box>}
        <Group justify="space-between" align="flex-start" mb="lg" gap="sm">
          <Box miw={0} flex="1 1 240px">
            <Title order={1} size="h2" lineClamp={2}>
              {title}
            </Title>
            {text && (
              <Text c="dimmed" mt={4}>
                {text}
              </Text>
            )}
          </Box>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
        {children}
      </Box>
    </Box>
  );
}
