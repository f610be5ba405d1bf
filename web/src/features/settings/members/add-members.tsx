import { Button, Group, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { type Answer, api } from '../../../api/client.ts';
import { closedByButton } from '../../../ui/closed-by-button.ts';
import { Modal } from '../../../ui/modal.tsx';
import { TagsInput } from '../../../ui/tags-input.tsx';
import { mayOwn } from './may-own.ts';
import { Passwords } from './passwords.tsx';
import { type Role, RoleSelect } from './role-select.tsx';
import { useMemberChange } from './use-member-change.ts';

type Added = Answer<'inviteMembers'>;

/** Separators that were pasted with a name. */
const plain = (names: string[]) =>
  names.map((name) => name.replace(/^[\s,，;]+|[\s,，;]+$/g, '')).filter(Boolean);

/** Makes members of names; each gets a one-time password. */
export function AddMembers({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const form = useForm<{ usernames: string[]; role: Role }>({
    initialValues: { usernames: [], role: 'editor' },
    validate: { usernames: (names) => (names.length === 0 ? t('common:error.required') : null) },
  });
  const add = useMemberChange<Added>();
  const close = () => {
    onClose();
    form.reset();
    add.reset();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('members.add')}
      size="lg"
      {...(add.data?.invite.length && closedByButton)}
    >
      {add.data ? (
        <AddedMembers added={add.data} onClose={close} />
      ) : (
        <form
          onSubmit={form.onSubmit(async ({ role, usernames }) => {
            const names = plain(usernames);
            if (role === 'owner' && !(await mayOwn(names))) return;
            add.mutate(() => api.inviteMembers({ role, usernames: names }));
          })}
        >
          <Stack>
            <TagsInput
              label={t('members.usernames')}
              description={t('members.usernamesText')}
              splitChars={[',', ' ', '，', ';', '\n']}
              maxTags={50}
              data-autofocus
              {...form.getInputProps('usernames')}
            />
            <RoleSelect
              label={t('members.roleLabel')}
              visibleLabel
              value={form.values.role}
              onChange={(role) => form.setFieldValue('role', role)}
            />
            <Text size="sm" c="dimmed">
              {t(`members.role.${form.values.role}`)}
            </Text>
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {t('common:action.cancel')}
              </Button>
              <Button type="submit" loading={add.isPending}>
                {t('common:action.add')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

function AddedMembers({ added, onClose }: { added: Added; onClose: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const names = (people: readonly { username: string }[]) =>
    people.map(({ username }) => username).join(', ');
  return (
    <Stack>
      {added.invite.length > 0 && <Passwords people={added.invite} />}
      {added.inTeam.length > 0 && (
        <Text size="sm">{t('members.inTeam', { names: names(added.inTeam) })}</Text>
      )}
      {added.inValid.length > 0 && (
        <Text size="sm" c="red">
          {t('members.inValid', { names: names(added.inValid) })}
        </Text>
      )}
      <Group justify="flex-end">
        <Button onClick={onClose}>{t('common:action.close')}</Button>
      </Group>
    </Stack>
  );
}
