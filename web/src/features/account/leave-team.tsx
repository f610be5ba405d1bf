import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import type { Me } from '../../api/me.ts';
import { useLeave } from '../../app/use-leave.ts';
import { modals } from '../../ui/modals.ts';
import { Section } from '../../ui/section.tsx';

/** The way out of every session, and of the team. */
export function LeaveTeam({ me }: { me: Me }) {
  const { t } = useTranslation(['account', 'common']);
  const logout = useLeave(() => api.loginout({ scope: 'all' }));
  const leave = useLeave(() => api.leaveTeam({}));
  const ask = () =>
    modals.openConfirmModal({
      title: t('leave.ask', { team: me.team.teamName }),
      children: <Text size="sm">{t('leave.lost')}</Text>,
      labels: { confirm: t('leave.confirm'), cancel: t('common:action.cancel') },
      confirmProps: { color: 'red' },
      onConfirm: () => leave.mutate(),
    });
  return (
    <Section title={t('leave.title')} text={t('leave.text')}>
      <Group>
        <Button variant="default" loading={logout.isPending} onClick={() => logout.mutate()}>
          {t('leave.everywhere')}
        </Button>
        {me.username !== 'root' && (
          <Button variant="light" color="red" loading={leave.isPending} onClick={ask}>
            {t('leave.team', { team: me.team.teamName })}
          </Button>
        )}
      </Group>
    </Section>
  );
}
