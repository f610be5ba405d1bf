import { Anchor, Badge, Code, Group, Stack, Table, Text, useMatches } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../ui/format.ts';
import { ShowMore } from '../../../ui/show-more.tsx';
import { TableScroll } from '../../../ui/table-scroll.tsx';
import { TimeAgo } from '../../../ui/time-ago.tsx';
import { useDrawnPart } from '../../../ui/use-drawn-part.ts';
import type { ApiKey } from '../queries.ts';
import type { KeyDialog } from './key-dialogs.tsx';
import { KeyLimits } from './key-limits.tsx';
import { KeyMenu } from './key-menu.tsx';
import { KeyState } from './key-state.tsx';

interface KeyTableProps {
  keys: ApiKey[];
  /** Which list it is: of another one the beginning is shown. */
  list: string;
  /** Kind and app are worth a column where keys of both kinds are shown. */
  withKind: boolean;
  onDialog: (dialog: KeyDialog) => void;
}

/** Keys with what they may do and what they did. */
export function KeyTable({ keys, list, withKind, onDialog }: KeyTableProps) {
  const { t } = useTranslation('api');
  const { part, more } = useDrawnPart(keys, `keys ${list}`);
  return (
    <TableScroll minWidth={300}>
      <Table verticalSpacing="sm" aria-label={t('keys.title')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('table.name')}</Table.Th>
            {withKind && <Table.Th visibleFrom="md">{t('table.kind')}</Table.Th>}
            <Table.Th visibleFrom="sm">{t('table.key')}</Table.Th>
            <Table.Th visibleFrom="md">{t('table.limits')}</Table.Th>
            <Table.Th visibleFrom="md">{t('table.lastUse')}</Table.Th>
            <Table.Th ta="right" visibleFrom="sm">
              {t('table.spend')}
            </Table.Th>
            <Table.Th w={48} aria-label={t('table.actions')} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {part.map((key) => (
            <KeyRow key={key._id} apiKey={key} withKind={withKind} onDialog={onDialog} />
          ))}
        </Table.Tbody>
      </Table>
      <ShowMore {...more} />
    </TableScroll>
  );
}

interface KeyRowProps {
  apiKey: ApiKey;
  withKind: boolean;
  onDialog: (dialog: KeyDialog) => void;
}

function KeyRow({ apiKey, withKind, onDialog }: KeyRowProps) {
  const { t } = useTranslation('api');
  // A phone has no room for a column of it.
  const phone = useMatches({ base: true, sm: false });
  const shown = (
    <Stack gap={4} align="flex-start">
      <Code>{apiKey.apiKey}</Code>
      <KeyState apiKey={apiKey} />
    </Stack>
  );
  return (
    <Table.Tr>
      <Table.Td maw={260}>
        <Stack gap={4}>
          <Text size="sm" fw={550} truncate title={apiKey.name}>
            {apiKey.name}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {apiKey.sourceMember.name} · <TimeAgo time={apiKey.createTime} />
          </Text>
          {phone && shown}
          {apiKey.tags.length > 0 && (
            <Group gap={4}>
              {apiKey.tags.map(({ _id, name }) => (
                <Badge key={_id} variant="default" size="sm" tt="none" fw={500} maw={160}>
                  {name}
                </Badge>
              ))}
            </Group>
          )}
        </Stack>
      </Table.Td>
      {withKind && (
        <Table.Td maw={200} visibleFrom="md">
          <KindCell apiKey={apiKey} />
        </Table.Td>
      )}
      {!phone && <Table.Td>{shown}</Table.Td>}
      <Table.Td visibleFrom="md">
        <KeyLimits apiKey={apiKey} />
      </Table.Td>
      <Table.Td visibleFrom="md">
        <Text size="sm" style={{ whiteSpace: 'nowrap' }}>
          <TimeAgo time={apiKey.lastUsedTime} />
        </Text>
      </Table.Td>
      <Table.Td ta="right" visibleFrom="sm" style={{ whiteSpace: 'nowrap' }}>
        <Text size="sm">{t('table.points', { points: formatNumber(apiKey.usagePoints, 2) })}</Text>
        {apiKey.limit.maxUsagePoints >= 0 && (
          <Text size="xs" c="dimmed">
            {t('table.ofPoints', { points: formatNumber(apiKey.limit.maxUsagePoints, 2) })}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <KeyMenu apiKey={apiKey} onDialog={onDialog} />
      </Table.Td>
    </Table.Tr>
  );
}

function KindCell({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation('api');
  if (apiKey.appId === undefined) return <Text size="sm">{t('kind.global')}</Text>;
  const { appId } = apiKey;
  return (
    <Stack gap={2}>
      <Text size="sm">{t('kind.app')}</Text>
      <Anchor
        size="xs"
        truncate
        title={apiKey.appName ?? ''}
        renderRoot={(props) => <Link to="/apps/$appId/api" params={{ appId }} {...props} />}
      >
        {apiKey.appName}
      </Anchor>
    </Stack>
  );
}
