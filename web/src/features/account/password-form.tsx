import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { passwordHash } from '../../api/password.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { leastLength } from './password-length.ts';

interface PasswordFormProps {
  /** The old one was proved a moment ago, by logging in with it. */
  expired?: boolean;
  submit: string;
  onDone: () => void;
}

/** A new password, twice, and the old one where it is needed. */
export function PasswordForm({ expired = false, submit, onDone }: PasswordFormProps) {
  const { t } = useTranslation(['account', 'common']);
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { old: '', fresh: '', again: '' },
    validate: {
      old: (value) => (!expired && value === '' ? t('common:error.required') : null),
      fresh: (value) => (value.length < leastLength ? t('password.short', { count: leastLength }) : null),
      again: (value, { fresh }) => (value === fresh ? null : t('password.differs')),
    },
  });
  const change = useMutation({
    mutationFn: async ({ old, fresh }: typeof form.values) => {
      if (expired) await api.resetExpiredPsw({ newPsw: passwordHash(fresh) });
      else await api.updatePasswordByOld({ oldPsw: passwordHash(old), newPsw: passwordHash(fresh) });
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['init'] });
      form.reset();
      onDone();
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
      <Stack maw={420}>
        {!expired && (
          <PasswordInput
            label={t('password.old')}
            autoComplete="current-password"
            {...form.getInputProps('old')}
          />
        )}
        <PasswordInput
          label={t('password.new')}
          description={t('password.rule', { count: leastLength })}
          autoComplete="new-password"
          {...form.getInputProps('fresh')}
        />
        <PasswordInput
          label={t('password.again')}
          autoComplete="new-password"
          {...form.getInputProps('again')}
        />
        {change.error && <ErrorAlert error={change.error} />}
        <Group>
          <Button type="submit" loading={change.isPending}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
