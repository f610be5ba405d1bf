import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import type { Member } from '../queries.ts';
import { useMemberChange } from './use-member-change.ts';

/** Gives a member another name in the team. */
export function RenameForm({ member, onDone }: { member: Member; onDone: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const form = useForm({
    initialValues: { name: member.memberName },
    validate: { name: (value) => (value.trim() === '' ? t('common:error.required') : null) },
  });
  const change = useMemberChange(onDone);
  const { tmbId } = member;
  return (
    <form onSubmit={form.onSubmit(({ name }) => change.mutate(() => api.updateMemberName({ tmbId, name })))}>
      <Stack>
        <TextInput label={t('members.name')} data-autofocus maxLength={100} {...form.getInputProps('name')} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={change.isPending}>
            {t('common:action.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
