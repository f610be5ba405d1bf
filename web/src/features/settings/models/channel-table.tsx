import { ActionIcon, Badge, Box, Button, Group, Stack, Switch, Table, Text } from '@mantine/core';
import { IconDots, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { confirmDelete } from '../../../ui/confirm-delete.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { Menu } from '../../../ui/menu.tsx';
import { Drawer } from '../../../ui/modal.tsx';
import { TableScroll } from '../../../ui/table-scroll.tsx';
import { usePhone } from '../../../ui/use-phone.ts';
import type { Channel } from '../queries.ts';
import { useModelsChange } from './use-models-change.ts';

const ChannelForm = lazy(async () => ({ default: (await import('./channel-form.tsx')).ChannelForm }));

const colours = { ok: 'teal', failing: 'orange', resting: 'orange', unreadable: 'red' } as const;

/** The ways to reach models, in the order in which they are asked. */
export function ChannelTable({ channels }: { channels: Channel[] }) {
  const { t } = useTranslation(['settings', 'common']);
  const phone = usePhone();
  const [adding, setAdding] = useState(false);
  return (
    <Stack>
      {channels.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('channels.empty')}
        </Text>
      ) : (
        <TableScroll minWidth={phone ? 0 : 840}>
          <Table verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('channels.name')}</Table.Th>
                <Table.Th visibleFrom="sm">{t('channels.models')}</Table.Th>
                <Table.Th ta="right" visibleFrom="sm">
                  {t('channels.priority')}
                </Table.Th>
                <Table.Th ta="right" visibleFrom="sm">
                  {t('channels.weight')}
                </Table.Th>
                <Table.Th visibleFrom="sm">{t('channels.status')}</Table.Th>
                <Table.Th>{t('channels.enabled')}</Table.Th>
                <Table.Th aria-label={t('models.actions')} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {channels.map((channel) => (
                <ChannelRow key={channel.id} channel={channel} />
              ))}
            </Table.Tbody>
          </Table>
        </TableScroll>
      )}
      <Group>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setAdding(true)}
        >
          {t('channels.add')}
        </Button>
      </Group>
      <Drawer
        opened={adding}
        onClose={() => setAdding(false)}
        position="right"
        size="lg"
        title={t('channels.add')}
      >
        <ChannelForm onDone={() => setAdding(false)} />
      </Drawer>
    </Stack>
  );
}

function ChannelRow({ channel }: { channel: Channel }) {
  const { t } = useTranslation(['settings', 'common']);
  const [editing, setEditing] = useState(false);
  const { id, name } = channel;
  const enable = useModelsChange((enabled: boolean) => api.updateChannel({ id, enabled }));
  const remove = useModelsChange(() => api.deleteChannel({ id }));
  const models = channel.models.map(({ model }) => model).join(', ');
  const status = (
    <Badge variant="light" color={colours[channel.status]} title={t(`channels.is.${channel.status}Text`)}>
      {t(`channels.is.${channel.status}`)}
    </Badge>
  );
  return (
    <Table.Tr>
      <Table.Td maw={{ base: 0, sm: 280 }} w={{ base: '100%', sm: 'auto' }}>
        <Text size="sm" fw={500} truncate title={name}>
          {name}
        </Text>
        <Text size="xs" c="dimmed" truncate title={channel.baseUrl}>
          {channel.baseUrl}
        </Text>
        <Text size="xs" c="dimmed" truncate hiddenFrom="sm">
          {models || '–'}
        </Text>
        <Box hiddenFrom="sm">{status}</Box>
      </Table.Td>
      <Table.Td maw={260} visibleFrom="sm">
        <Text size="sm" truncate title={models}>
          {models || '–'}
        </Text>
      </Table.Td>
      <Table.Td ta="right" visibleFrom="sm">
        {formatNumber(channel.priority)}
      </Table.Td>
      <Table.Td ta="right" visibleFrom="sm">
        {formatNumber(channel.weight)}
      </Table.Td>
      <Table.Td visibleFrom="sm">{status}</Table.Td>
      <Table.Td>
        <Switch
          aria-label={t('channels.enabledOf', { name })}
          checked={channel.enabled}
          disabled={enable.isPending}
          onChange={({ currentTarget }) => enable.mutate(currentTarget.checked)}
        />
      </Table.Td>
      <Table.Td>
        <Group justify="flex-end">
          <Menu position="bottom-end" width={180}>
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label={t('models.actionsOf', { name })}>
                <IconDots size={18} stroke={1.6} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setEditing(true)}>
                {t('common:action.edit')}
              </Menu.Item>
              <Menu.Item
                color="red"
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={() =>
                  confirmDelete({
                    name,
                    text: t('channels.deleteText'),
                    onConfirm: () => remove.mutate(undefined),
                  })
                }
              >
                {t('common:action.delete')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
        <Drawer
          opened={editing}
          onClose={() => setEditing(false)}
          position="right"
          size="lg"
          title={t('channels.edit', { name })}
        >
          <ChannelForm channel={channel} onDone={() => setEditing(false)} />
        </Drawer>
      </Table.Td>
    </Table.Tr>
  );
}
