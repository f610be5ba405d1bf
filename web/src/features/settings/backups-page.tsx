import { ActionIcon, Alert, Badge, Button, Code, Group, Paper, Stack, Table, Text } from '@mantine/core';
import { IconArchive, IconDots, IconDownload, IconRestore, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Answer, api } from '../../api/client.ts';
import { confirmDelete } from '../../ui/confirm-delete.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatBytes, formatNumber } from '../../ui/format.ts';
import { Menu } from '../../ui/menu.tsx';
import { modals } from '../../ui/modals.ts';
import { notifyDone, notifyError } from '../../ui/notify.ts';
import { Section } from '../../ui/section.tsx';
import { TableScroll } from '../../ui/table-scroll.tsx';
import { fullTime } from '../../ui/time-ago.tsx';
import { usePhone } from '../../ui/use-phone.ts';
import { backupsQuery } from './queries.ts';

type Backups = Answer<'listBackups'>;
type Backup = Backups['list'][number];

/** Runs something and reads the list again. */
function useBackupChange<T>(change: (input: T) => Promise<unknown>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onError: notifyError,
    onSettled: () => queryClient.invalidateQueries({ queryKey: backupsQuery.queryKey }),
  });
}

/** Copies of the whole installation: made, fetched, and restored at the next start. */
export function BackupsPage() {
  const { t } = useTranslation('settings');
  const { data } = useSuspenseQuery(backupsQuery);
  const make = useBackupChange(() => api.makeBackup({}));
  const making = data.list.some(({ state }) => state === 'making');
  const button = (
    <Button loading={make.isPending || making} onClick={() => make.mutate(undefined)}>
      {t('backup.make')}
    </Button>
  );
  return (
    <Stack gap="lg">
      <RestoreNotice data={data} />
      <Section
        title={t('backup.title')}
        text={t('backup.text', { directory: data.directory })}
        actions={data.list.length > 0 && button}
      >
        {data.list.length === 0 ? (
          <EmptyState icon={IconArchive} title={t('backup.empty')} text={t('backup.emptyText')}>
            {button}
          </EmptyState>
        ) : (
          <BackupList data={data} />
        )}
      </Section>
      <HowToRestore data={data} />
      <Text size="sm" c="dimmed">
        {t('backup.safe')}
      </Text>
    </Stack>
  );
}

/** What restoring takes, with the very command for the latest backup. */
function HowToRestore({ data: { list, canStage } }: { data: Backups }) {
  const { t } = useTranslation('settings');
  const latest = list.find(({ state }) => state === 'ready');
  if (!latest) return null;
  return (
    <Section title={t('backup.howTitle')}>
      <Text size="sm">{t(canStage ? 'backup.howStaged' : 'backup.restoreByHand')}</Text>
      {canStage && <Text size="sm">{t('backup.howByHand')}</Text>}
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Code block flex={1} miw={0} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {latest.restoreCommand}
        </Code>
        <CopyButton value={latest.restoreCommand} />
      </Group>
      <Text size="sm" c="dimmed">
        {t('backup.howMoved')}
      </Text>
    </Section>
  );
}

function RestoreNotice({ data: { staged, lastRestore } }: { data: Backups }) {
  const { t } = useTranslation(['settings', 'common']);
  const cancel = useBackupChange(() => api.cancelRestore({}));
  if (staged) {
    return (
      <Alert
        color="orange"
        icon={<IconRestore aria-hidden />}
        title={t('backup.staged', { name: staged.name })}
      >
        <Stack gap="sm" align="flex-start">
          <Text size="sm">{t('backup.stagedText')}</Text>
          <Button
            size="xs"
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate(undefined)}
          >
            {t('backup.cancel')}
          </Button>
        </Stack>
      </Alert>
    );
  }
  if (!lastRestore) return null;
  return (
    <Alert
      color={lastRestore.ok ? 'teal' : 'red'}
      icon={<IconRestore aria-hidden />}
      title={t(lastRestore.ok ? 'backup.restored' : 'backup.notRestored', {
        time: fullTime(new Date(lastRestore.time)),
      })}
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {lastRestore.message}
      </Text>
    </Alert>
  );
}

function BackupList({ data }: { data: Backups }) {
  return usePhone() ? <BackupCards data={data} /> : <BackupTable data={data} />;
}

function BackupTable({ data }: { data: Backups }) {
  const { t } = useTranslation('settings');
  return (
    <TableScroll minWidth={720}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('backup.name')}</Table.Th>
            <Table.Th>{t('backup.time')}</Table.Th>
            <Table.Th ta="right">{t('backup.size')}</Table.Th>
            <Table.Th ta="right">{t('backup.rows')}</Table.Th>
            <Table.Th ta="right">{t('backup.files')}</Table.Th>
            <Table.Th aria-label={t('backup.actions')} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.list.map((backup) => (
            <BackupRow key={backup.name} backup={backup} canStage={data.canStage} />
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}

function BackupRow({ backup, canStage }: { backup: Backup; canStage: boolean }) {
  const ready = backup.state === 'ready';
  return (
    <Table.Tr>
      <Table.Td>
        <BackupName backup={backup} />
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>{fullTime(new Date(backup.time))}</Table.Td>
      <Table.Td ta="right">{ready ? formatBytes(backup.bytes) : '–'}</Table.Td>
      <Table.Td ta="right">{ready ? formatNumber(backup.rows) : '–'}</Table.Td>
      <Table.Td ta="right">{ready ? formatNumber(backup.files) : '–'}</Table.Td>
      <Table.Td>{ready && <BackupActions backup={backup} canStage={canStage} />}</Table.Td>
    </Table.Tr>
  );
}

/** The same where there is no room for columns. */
function BackupCards({ data }: { data: Backups }) {
  const { t } = useTranslation('settings');
  return (
    <Stack gap="sm">
      {data.list.map((backup) => (
        <Paper key={backup.name} withBorder p="sm">
          <Stack gap="xs">
            <BackupName backup={backup} />
            <Text size="sm" c="dimmed">
              {fullTime(new Date(backup.time))}
            </Text>
            {backup.state === 'ready' && (
              <>
                <Group gap="md">
                  {[
                    [t('backup.size'), formatBytes(backup.bytes)],
                    [t('backup.rows'), formatNumber(backup.rows)],
                    [t('backup.files'), formatNumber(backup.files)],
                  ].map(([label, value]) => (
                    <Text key={label} size="sm" c="dimmed">
                      {label} <strong>{value}</strong>
                    </Text>
                  ))}
                </Group>
                <BackupActions backup={backup} canStage={data.canStage} />
              </>
            )}
          </Stack>
        </Paper>
      ))}
    </Stack>
  );
}

function BackupName({ backup }: { backup: Backup }) {
  const { t } = useTranslation('settings');
  return (
    <>
      <Group gap="xs">
        <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
          {backup.name}
        </Text>
        {backup.state !== 'ready' && (
          <Badge color={backup.state === 'failed' ? 'red' : 'lectern'} variant="light">
            {t(`backup.state.${backup.state}`)}
          </Badge>
        )}
        {backup.missing > 0 && (
          <Badge color="orange" variant="light">
            {t('backup.missing', { count: backup.missing })}
          </Badge>
        )}
      </Group>
      {backup.error && (
        <Text size="xs" c="red" maw={420}>
          {backup.error}
        </Text>
      )}
    </>
  );
}

function BackupActions({ backup, canStage }: { backup: Backup; canStage: boolean }) {
  const { t } = useTranslation(['settings', 'common']);
  const remove = useBackupChange((name: string) => api.deleteBackup({ name }));
  const link = useMutation({
    mutationFn: (name: string) => api.linkBackup({ name }),
    onSuccess: ({ url }) => window.location.assign(url),
    onError: notifyError,
  });
  const stage = useBackupChange(async (name: string) => {
    await api.stageRestore({ name });
    notifyDone(t('backup.stagedDone'));
  });
  const ask = () =>
    modals.openConfirmModal({
      title: t('backup.restoreAsk', { name: backup.name }),
      children: (
        <Stack gap="sm">
          <Text size="sm">{t(canStage ? 'backup.restoreText' : 'backup.restoreByHand')}</Text>
          <Text size="sm">{t('backup.commandText')}</Text>
          <Group gap="xs" wrap="nowrap" align="flex-start">
            <Code block flex={1} miw={0} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {backup.restoreCommand}
            </Code>
            <CopyButton value={backup.restoreCommand} />
          </Group>
        </Stack>
      ),
      size: 'lg',
      labels: {
        confirm: t(canStage ? 'backup.restoreNext' : 'common:action.close'),
        cancel: t('common:action.cancel'),
      },
      onConfirm: () => canStage && stage.mutate(backup.name),
    });
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      <Button
        size="xs"
        variant="default"
        leftSection={<IconDownload size={16} stroke={1.6} aria-hidden />}
        loading={link.isPending}
        onClick={() => link.mutate(backup.name)}
      >
        {t('common:action.download')}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t('common:action.more')}>
            <IconDots size={18} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconRestore size={16} aria-hidden />} onClick={ask}>
            {t('backup.restore')}
          </Menu.Item>
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() =>
              confirmDelete({
                name: backup.name,
                text: t('backup.deleteText'),
                onConfirm: () => remove.mutate(backup.name),
              })
            }
          >
            {t('common:action.delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
