import { Button, Group, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { useMe } from '../../api/me.ts';
import { AvatarInput } from '../../ui/avatar-input.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { formatBytes, formatNumber } from '../../ui/format.ts';
import { notifyDone } from '../../ui/notify.ts';
import { Section } from '../../ui/section.tsx';
import { planQuery } from './queries.ts';

/** The team itself, and what it has and uses. */
export function TeamPage() {
  const { t } = useTranslation('settings');
  return (
    <Stack gap="lg">
      <Section title={t('team.title')} text={t('team.text')}>
        <TeamForm />
      </Section>
      <Section title={t('team.use')} text={t('team.useText')}>
        <Use />
      </Section>
    </Stack>
  );
}

function TeamForm() {
  const { t } = useTranslation(['settings', 'common']);
  const me = useMe();
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { name: me.team.teamName, avatar: me.team.teamAvatar },
    validate: { name: (value) => (value.trim() === '' ? t('common:error.required') : null) },
  });
  const save = useMutation({
    mutationFn: (values: typeof form.values) => api.updateTeam(values),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['me'] });
      form.resetDirty();
      notifyDone(t('common:state.saved'));
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack maw={420}>
        <AvatarInput
          name={form.values.name}
          value={form.values.avatar}
          onChange={(avatar) => form.setFieldValue('avatar', avatar)}
        />
        <TextInput label={t('team.name')} maxLength={200} {...form.getInputProps('name')} />
        {save.error && <ErrorAlert error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
            {t('common:action.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Use() {
  const { t } = useTranslation('settings');
  const { data } = useSuspenseQuery(planQuery);
  const limit = (value: string) => t('team.limit', { limit: value });
  const facts = [
    { name: t('team.members'), value: formatNumber(data.usedMember) },
    { name: t('team.datasets'), value: formatNumber(data.usedDatasetAmount) },
    { name: t('team.collections'), value: formatNumber(data.usedCollections) },
    { name: t('team.items'), value: formatNumber(data.usedDatasetSize) },
    {
      name: t('team.files'),
      value: formatBytes(data.usedFileBytes),
      note: limit(formatBytes(data.maxUploadFileBytes)),
    },
    { name: t('team.apps'), value: formatNumber(data.usedAppAmount) },
    { name: t('team.chats'), value: formatNumber(data.chats) },
    {
      name: t('team.keys'),
      value: formatNumber(data.usedKeys),
      note: t('team.keyLimit', { count: data.maxKeysOfMemberPerApp }),
    },
    { name: t('team.points'), value: formatNumber(data.usedPoints, 2) },
  ];
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="lg" component="dl" m={0}>
      {facts.map(({ name, value, note }) => (
        <div key={name}>
          <Text component="dt" size="sm" c="dimmed">
            {name}
          </Text>
          <dd style={{ margin: 0 }}>
            <Text span fz={22} fw={600} display="block">
              {value}
            </Text>
            {note && (
              <Text span size="xs" c="dimmed">
                {note}
              </Text>
            )}
          </dd>
        </div>
      ))}
    </SimpleGrid>
  );
}
