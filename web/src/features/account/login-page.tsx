import {
  Anchor,
  Button,
  Center,
  Group,
  Paper,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDocumentTitle } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { initQuery, type Session } from '../../api/init.ts';
import { logIn } from '../../api/log-in.ts';
import { meQuery } from '../../api/me.ts';
import { LanguageToggle } from '../../app/language-toggle.tsx';
import { Mark } from '../../app/mark.tsx';
import { SchemeToggle } from '../../app/scheme-toggle.tsx';
import { currentLang, setLang } from '../../i18n/index.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { wasLeft } from '../first-run/left.ts';

/** Where nobody in particular wants to go: the address that the server prints leads there. */
const front = new Set(['/', '/chat']);

/**
 * Where a login leads: to what was asked for. Whoever opened the console as such and runs the installation is led
 * through what is left to set up, until they have left it once.
 */
function placeAfter(session: Session | null, wanted = '/'): string {
  const unfinished = session?.rights.includes('installation:own') && !session.setup?.chatModel && !wasLeft();
  return unfinished && front.has(wanted) ? '/welcome' : wanted;
}

/** Name and password; leads to where the person wanted to go. */
export function LoginPage() {
  const { t } = useTranslation(['account', 'common']);
  useDocumentTitle(`${t('account:login.title')} · Lectern`);
  const form = useForm({ initialValues: { username: 'root', password: '' } });
  const queryClient = useQueryClient();
  const router = useRouter();
  const { redirect } = useSearch({ from: '/login' });
  const login = useMutation({
    mutationFn: async (credentials: typeof form.values | 'elsewhere') => {
      if (credentials !== 'elsewhere') await logIn(credentials.username, credentials.password);
      const [me, init] = await Promise.all([
        queryClient.fetchQuery({ ...meQuery, staleTime: 0 }),
        queryClient.fetchQuery({ ...initQuery, staleTime: 0 }),
      ]);
      if (me.language !== '' && me.language !== currentLang()) await setLang(me.language);
      return placeAfter(init.session, redirect);
    },
    onSuccess: (place) => router.navigate({ href: place, replace: true }),
  });
  const { mutate, isPending } = login;
  useEffect(() => {
    if (isPending) return;
    // In another tab somebody may have logged in meanwhile.
    const look = async () => {
      const init = await api.getInitData({}).catch(() => undefined);
      if (init?.session) mutate('elsewhere');
    };
    window.addEventListener('focus', look);
    return () => window.removeEventListener('focus', look);
  }, [mutate, isPending]);
  return (
    <Center mih="100dvh" p="md" component="main">
      <Stack w="100%" maw={380}>
        <Group justify="center" gap="sm">
          <Mark size={40} />
          <Title order={1} size="h2">
            {t('common:product')}
          </Title>
        </Group>
        <Text ta="center" c="dimmed">
          {t('common:slogan')}
        </Text>
        <Paper withBorder shadow="sm" p="lg" radius="lg">
          <form onSubmit={form.onSubmit((values) => login.mutate(values))}>
            <Stack>
              <TextInput
                label={t('account:login.username')}
                autoComplete="username"
                required
                withAsterisk={false}
                {...form.getInputProps('username')}
              />
              <PasswordInput
                label={t('account:login.password')}
                autoComplete="current-password"
                required
                withAsterisk={false}
                data-autofocus
                {...form.getInputProps('password')}
              />
              {login.error && <ErrorAlert error={login.error} />}
              <Button type="submit" loading={login.isPending} fullWidth>
                {t('account:login.submit')}
              </Button>
              <Text size="xs" c="dimmed">
                {t('account:login.hint')}
              </Text>
            </Stack>
          </form>
        </Paper>
        <Group justify="center" gap="xs">
          <Anchor href="/openapi" size="sm">
            {t('account:login.docs')}
          </Anchor>
          <LanguageToggle />
          <SchemeToggle />
        </Group>
      </Stack>
    </Center>
  );
}
