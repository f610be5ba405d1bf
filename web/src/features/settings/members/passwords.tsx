import { Alert, Code, Group, Stack, Table, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../../ui/copy-button.tsx';

interface PasswordsProps {
  people: readonly { username: string; password: string }[];
}

/** One-time passwords, which are seen only here, to be handed on with the address of the console. */
export function Passwords({ people }: PasswordsProps) {
  const { t } = useTranslation('settings');
  const text = people
    .map(({ username, password }) =>
      t('members.message', { address: `${window.location.origin}/login`, username, password }),
    )
    .join('\n\n');
  return (
    <Stack>
      <Alert variant="light" icon={<IconInfoCircle aria-hidden />}>
        {t('members.once')}
      </Alert>
      <Table>
        <Table.Tbody>
          {people.map(({ username, password }) => (
            <Table.Tr key={username}>
              <Table.Td>
                <Text size="sm" fw={500}>
                  {username}
                </Text>
              </Table.Td>
              <Table.Td>
                <Group gap="xs" justify="flex-end">
                  <Code>{password}</Code>
                  <CopyButton value={password} />
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Group>
        <CopyButton value={text} label={t('members.copyMessage')} />
      </Group>
    </Stack>
  );
}
