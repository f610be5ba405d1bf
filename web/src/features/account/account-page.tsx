import { Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { type Me, useMe } from '../../api/me.ts';
import { setLang } from '../../i18n/index.ts';
import { AvatarInput } from '../../ui/avatar-input.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { Select } from '../../ui/select.tsx';
import { LeaveTeam } from './leave-team.tsx';
import { PasswordForm } from './password-form.tsx';

/** What a person sets for themselves. */
export function AccountPage() {
  const { t } = useTranslation(['account', 'common']);
  const me = useMe();
  return (
    <Page title={t('common:nav.account')} width={860}>
      <Stack gap="lg">
        <Profile key={me._id} me={me} />
        <Section title={t('password.title')} text={t('password.text')}>
          <PasswordForm submit={t('password.change')} onDone={() => notifyDone(t('password.changed'))} />
        </Section>
        <LeaveTeam me={me} />
      </Stack>
    </Page>
  );
}

const zones = () => ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

function Profile({ me }: { me: Me }) {
  const { t } = useTranslation(['account', 'common']);
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: {
      avatar: me.avatar,
      name: me.team.memberName,
      contact: me.contact,
      timezone: me.timezone,
      language: me.language,
    },
    validate: { name: (value) => (value.trim() === '' ? t('common:error.required') : null) },
  });
  const save = useMutation({
    mutationFn: async ({ avatar, name, contact, timezone, language }: typeof form.values) => {
      await api.updateAccount({ avatar, timezone, language });
      if (name !== me.team.memberName) await api.updateMyName({ name });
      if (contact !== me.contact) await api.updateContact({ contact });
      if (language !== '') await setLang(language);
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries();
      form.resetDirty();
      notifyDone(t('common:state.saved'));
    },
  });
  return (
    <Section title={t('profile.title')} text={t('profile.text')}>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <Stack maw={420}>
          <AvatarInput
            name={form.values.name}
            value={form.values.avatar}
            onChange={(avatar) => form.setFieldValue('avatar', avatar)}
          />
          <TextInput label={t('profile.username')} value={me.username} readOnly variant="filled" />
          <TextInput
            label={t('profile.name')}
            description={t('profile.nameText')}
            maxLength={100}
            {...form.getInputProps('name')}
          />
          <TextInput
            label={t('profile.contact')}
            description={t('profile.contactText')}
            maxLength={200}
            {...form.getInputProps('contact')}
          />
          <Select
            label={t('profile.timezone')}
            data={zones()}
            searchable
            allowDeselect={false}
            limit={100}
            {...form.getInputProps('timezone')}
          />
          <Stack gap={4}>
            <Text size="sm" fw={500} id="language-label">
              {t('profile.language')}
            </Text>
            <SegmentedControl
              aria-labelledby="language-label"
              data={[
                { value: '', label: t('profile.languageBrowser') },
                { value: 'en', label: t('common:language.en') },
                { value: 'zh', label: t('common:language.zh') },
              ]}
              {...form.getInputProps('language')}
            />
          </Stack>
          {save.error && <ErrorAlert error={save.error} />}
          <Group>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              {t('common:action.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
