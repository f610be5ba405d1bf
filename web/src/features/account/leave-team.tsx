import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import type { Me } from '../../api/me.ts';
import { modals } from '../../ui/modals.ts';
import { notifyError } from '../../ui/notify.ts';
import { Section } from '../../ui/section.tsx';

/** The way out of every session, and of the team. */
export function LeaveTeam({ me }: { me: Me }) {
  const { t } = useTranslation(['account', 'common']);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const away = async () => {
    queryClient.clear();
    await navigate({ to: '/login' });
  };
  const logout = useMutation({
    mutationFn: () => api.loginout({ scope: 'all' }),
    onSuccess: away,
    onError: notifyError,
  });
  const leave = useMutation({ mutationFn: () => api.leaveTeam({}), onSuccess: away, onError: notifyError });
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
