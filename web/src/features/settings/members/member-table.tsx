import { Badge, Box, Group, Table, Text } from '@mantine/core';
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { useMe } from '../../../api/me.ts';
import { ask } from '../../../ui/ask.ts';
import { NameAvatar } from '../../../ui/name-avatar.tsx';
import { TableScroll } from '../../../ui/table-scroll.tsx';
import { TimeAgo } from '../../../ui/time-ago.tsx';
import { usePhone } from '../../../ui/use-phone.ts';
import type { Member } from '../queries.ts';
import { mayOwn } from './may-own.ts';
import { MemberActions } from './member-actions.tsx';
import { type Role, RoleSelect } from './role-select.tsx';
import { useMemberChange } from './use-member-change.ts';

/** Members with their roles, and what can be done about each. */
export function MemberTable({ members }: { members: Member[] }) {
  const { t } = useTranslation('settings');
  return (
    <TableScroll minWidth={320}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('members.name')}</Table.Th>
            <Table.Th w={{ base: 130, sm: 180 }}>{t('members.roleLabel')}</Table.Th>
            <Table.Th visibleFrom="md">{t('members.contact')}</Table.Th>
            <Table.Th visibleFrom="md">{t('members.since')}</Table.Th>
            <Table.Th aria-label={t('members.actions')} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {members.map((member) => (
            <MemberRow key={member.tmbId} member={member} />
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}

/** Asks before somebody takes rights off themselves, or makes an owner of somebody. */
async function mayBecome({ memberName: name }: Member, role: Role, self: boolean): Promise<boolean> {
  const { t } = i18next;
  if (self)
    return await ask({
      title: t('settings:members.selfAsk'),
      children: t('settings:members.selfText', {
        role: t(`common:role.${role}`),
        may: t(`settings:members.role.${role}`),
      }),
      labels: {
        confirm: t('settings:members.selfConfirm', { role: t(`common:role.${role}`) }),
        cancel: t('common:action.cancel'),
      },
      confirmProps: { color: 'red' },
    });
  return role !== 'owner' || (await mayOwn([name]));
}

function MemberRow({ member }: { member: Member }) {
  const { t } = useTranslation('settings');
  const me = useMe();
  const phone = usePhone();
  const change = useMemberChange();
  const self = member.tmbId === me.team.tmbId;
  const fixed = member.username === 'root' || (member.role === 'owner' && me.team.role !== 'owner');
  const changeRole = async (role: Role) => {
    if (!(await mayBecome(member, role, self))) return;
    change.mutate(() => api.updateMemberRights({ members: [member.tmbId], role }));
  };
  return (
    <Table.Tr>
      <Table.Td maw={{ base: 0, sm: 'none' }} w={{ base: '100%', sm: 'auto' }}>
        <Group gap="sm" wrap="nowrap">
          <NameAvatar avatar={member.avatar} name={member.memberName} size={34} visibleFrom="sm" />
          <div style={{ minWidth: 0 }}>
            <Group gap={6} wrap={phone ? 'wrap' : 'nowrap'} style={{ rowGap: 0 }}>
              <Text size="sm" fw={500} truncate maw={{ base: '100%', sm: 240 }} title={member.memberName}>
                {member.memberName}
              </Text>
              {self && (
                <Badge size="sm" variant="light">
                  {t('members.you')}
                </Badge>
              )}
              {member.mustChangePassword && (
                <Badge size="sm" variant="light" color="orange" style={{ flexShrink: 0 }}>
                  {t('members.invited')}
                </Badge>
              )}
            </Group>
            <Text size="xs" c="dimmed" truncate maw={240}>
              {member.username}
            </Text>
          </div>
        </Group>
      </Table.Td>
      <Table.Td>
        {/* The name takes what is left of a phone's width. */}
        <Box miw={128}>
          <RoleSelect
            label={t('members.roleOf', { name: member.memberName })}
            value={member.role}
            disabled={fixed || member.status !== 'active' || change.isPending}
            onChange={changeRole}
          />
        </Box>
      </Table.Td>
      <Table.Td maw={220} visibleFrom="md">
        <Text size="sm" truncate title={member.contact}>
          {member.contact || '–'}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="md">
        <TimeAgo time={member.createTime} />
      </Table.Td>
      <Table.Td>{!fixed && !self && <MemberActions member={member} />}</Table.Td>
    </Table.Tr>
  );
}
