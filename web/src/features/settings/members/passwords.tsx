import { Alert, Box, Code, Group, Paper, Stack, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../../ui/copy-button.tsx';

interface PasswordsProps {
  people: readonly { username: string; password: string }[];
}

/** One-time passwords, which are seen only here, to be handed on with the address of the console. */
export function Passwords({ people }: PasswordsProps) {
  const { t } = useTranslation('settings');
  const invitation = ({ username, password }: PasswordsProps['people'][number]) =>
    t('members.message', { address: `${window.location.origin}/login`, username, password });
  const several = people.length > 1;
  return (
    <Stack>
      <Alert variant="light" icon={<IconInfoCircle aria-hidden />}>
        {t('members.once')} {t('members.handOver')}
      </Alert>
      {people.map((person) => (
        <Paper key={person.username} withBorder p="sm">
          <Group justify="space-between" gap="xs">
            <Box miw={0}>
              <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
                {person.username}
              </Text>
              <Group gap={4} wrap="nowrap">
                <Code>{person.password}</Code>
                <CopyButton value={person.password} />
              </Group>
            </Box>
            <CopyButton
              value={invitation(person)}
              label={several ? t('members.copyFor', { username: person.username }) : t('members.copyMessage')}
            />
          </Group>
        </Paper>
      ))}
      {several && (
        <Group>
          <CopyButton value={people.map(invitation).join('\n\n\n')} label={t('members.copyAll')} />
        </Group>
      )}
    </Stack>
  );
}
