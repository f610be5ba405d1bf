import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { logIn } from '../api/log-in.ts';
import type { Me } from '../api/me.ts';
import { ErrorAlert } from '../ui/error-alert.tsx';
import { Modal } from '../ui/modal.tsx';

interface LogInAgainProps {
  /** Who was logged in. */
  me: Me;
  onDone: () => Promise<void>;
}

/** Asks whoever was logged in for their password, over the page that they had open. */
export default function LogInAgain({ me, onDone }: LogInAgainProps) {
  const { t } = useTranslation(['common', 'account']);
  const [password, setPassword] = useState('');
  const login = useMutation({ mutationFn: () => logIn(me.username, password), onSuccess: onDone });
  return (
    <Modal
      opened
      // Whatever is open on the page lies under it.
      zIndex={1000}
      title={t('common:session.title')}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      onClose={() => undefined}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          login.mutate();
        }}
      >
        <Stack>
          <Text size="sm">{t('common:session.text')}</Text>
          <TextInput
            label={t('account:login.username')}
            autoComplete="username"
            readOnly
            variant="filled"
            value={me.username}
          />
          <PasswordInput
            label={t('account:login.password')}
            autoComplete="current-password"
            required
            withAsterisk={false}
            data-autofocus
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {login.error && <ErrorAlert error={login.error} />}
          <Group justify="space-between">
            <Button variant="subtle" color="gray" component="a" href="/login">
              {t('common:session.other')}
            </Button>
            <Button type="submit" loading={login.isPending}>
              {t('account:login.submit')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
