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
    <Box
      p={{ base: 'md', md: 'lg' }}
      pt={{ base: 'sm', sm: 'md', md: 'lg' }}
      maw={Math.max(width, usual)}
      mx="auto"
      w="100%"
    >
      <Box maw={width}>
        {above && <Box mb={{ base: 2, sm: 'xs' }}>{above}</Box>}
        <Box mb={{ base: 'sm', sm: 'lg' }}>
          <Group justify="space-between" align="flex-start" gap="sm" wrap="wrap">
            <Title
              order={1}
              fz={{ base: 'h3', sm: 'h2' }}
              lh={1.35}
              lineClamp={2}
              miw={0}
              flex={{ base: '1 1 150px', sm: '1 1 240px' }}
            >
              {title}
            </Title>
            {actions && <Group gap="xs">{actions}</Group>}
          </Group>
          {text && (
            <Text c="dimmed" mt={4} fz={{ base: 'sm', sm: 'md' }} lineClamp={2} title={text}>
              {text}
            </Text>
          )}
        </Box>
        {children}
      </Box>
    </Box>
  );
}
