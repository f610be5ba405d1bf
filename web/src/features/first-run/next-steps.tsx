import { Box, Group, Paper, SimpleGrid, Stack, Text, ThemeIcon, Title, UnstyledButton } from '@mantine/core';
import { IconArrowRight, IconDatabasePlus, IconKey, IconMessageCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../api/init.ts';
import { leave } from './left.ts';

const ways = [
  { to: '/datasets', text: 'dataset', icon: IconDatabasePlus, right: 'dataset:write' },
  { to: '/chat', text: 'chat', icon: IconMessageCircle, right: 'chat:use' },
  { to: '/api-keys', text: 'key', icon: IconKey, right: 'key:create' },
] as const;

/** Where to go when everything is set up. */
export function NextSteps() {
  const { t } = useTranslation('account');
  const may = useMay();
  return (
    <Stack>
      <Box>
        <Title order={2} size="h3">
          {t('welcome.nextTitle')}
        </Title>
        <Text c="dimmed" mt={4}>
          {t('welcome.nextText')}
        </Text>
      </Box>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        {ways
          .filter(({ right }) => may(right))
          .map(({ to, text, icon: Icon }) => (
            <UnstyledButton key={to} onClick={leave} renderRoot={(props) => <Link to={to} {...props} />}>
              <Paper withBorder p="md" h="100%">
                <Stack gap="xs" h="100%">
                  <Group justify="space-between">
                    <ThemeIcon variant="light" size="lg">
                      <Icon size={20} stroke={1.6} aria-hidden />
                    </ThemeIcon>
                    <IconArrowRight size={18} stroke={1.6} aria-hidden />
                  </Group>
                  <Text fw={600}>{t(`welcome.way.${text}`)}</Text>
                  <Text size="sm" c="dimmed">
                    {t(`welcome.way.${text}Text`)}
                  </Text>
                </Stack>
              </Paper>
            </UnstyledButton>
          ))}
      </SimpleGrid>
    </Stack>
  );
}
