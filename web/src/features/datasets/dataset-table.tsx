import { ActionIcon, Anchor, Badge, Box, Checkbox, Group, Table, Text } from '@mantine/core';
import { IconDots, IconFolderSymlink, IconPencil, IconSettings, IconTrash } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatNumber } from '../../ui/format.ts';
import { Menu } from '../../ui/menu.tsx';
import { ShowMore } from '../../ui/show-more.tsx';
import { TableScroll } from '../../ui/table-scroll.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { useDrawnPart } from '../../ui/use-drawn-part.ts';
import type { useDatasetActions } from './dataset-actions.ts';
import { DatasetAvatar } from './dataset-avatar.tsx';
import type { DatasetEntry } from './queries.ts';
import type { useSelection } from './use-selection.ts';

interface DatasetTableProps {
  datasets: readonly DatasetEntry[];
  /** Which list it is: of another one the beginning is shown. */
  list: string;
  selection: ReturnType<typeof useSelection>;
  actions: ReturnType<typeof useDatasetActions>;
  mayEdit: boolean;
  /** They are not those that were asked for: none can be chosen. */
  ofBefore: boolean;
}

/** Headings and numbers of columns stay whole; names give way. */
const oneLine = { whiteSpace: 'nowrap' } as const;

/** Datasets and folders, one a row. */
export function DatasetTable({ datasets, list, ...props }: DatasetTableProps) {
  const { selection, mayEdit, ofBefore } = props;
  const { t } = useTranslation('datasets');
  const { part, more } = useDrawnPart(datasets, `datasets ${list}`);
  return (
    <TableScroll minWidth={mayEdit ? 340 : 300}>
      <Table highlightOnHover verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            {mayEdit && (
              <Table.Th w={40}>
                <Checkbox
                  aria-label={t('select.all')}
                  checked={selection.all}
                  indeterminate={selection.some}
                  disabled={ofBefore}
                  onChange={selection.toggleAll}
                />
              </Table.Th>
            )}
            <Table.Th>{t('field.name')}</Table.Th>
            <Table.Th ta="right" miw={90} visibleFrom="sm" style={oneLine}>
              {t('count.documents')}
            </Table.Th>
            <Table.Th ta="right" miw={90} visibleFrom="sm" style={oneLine}>
              {t('count.chunks')}
            </Table.Th>
            <Table.Th ta="right" miw={90} visibleFrom="lg" style={oneLine}>
              {t('count.size')}
            </Table.Th>
            <Table.Th miw={150} visibleFrom="md" style={oneLine}>
              {t('field.vectorModel')}
            </Table.Th>
            <Table.Th miw={110} visibleFrom="sm" style={oneLine}>
              {t('field.changed')}
            </Table.Th>
            <Table.Th w={48} aria-label={t('action.more', { ns: 'common' })} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {part.map((dataset) => (
            <DatasetRow key={dataset._id} dataset={dataset} {...props} />
          ))}
        </Table.Tbody>
      </Table>
      <ShowMore {...more} />
    </TableScroll>
  );
}

interface DatasetRowProps extends Omit<DatasetTableProps, 'datasets' | 'list'> {
  dataset: DatasetEntry;
}

function DatasetRow({ dataset, selection, actions, mayEdit, ofBefore }: DatasetRowProps) {
  const { t } = useTranslation('datasets');
  const { counts } = dataset;
  const isFolder = dataset.type === 'folder';
  return (
    <Table.Tr bg={selection.has(dataset._id) ? 'var(--mantine-primary-color-light)' : undefined}>
      {mayEdit && (
        <Table.Td>
          <Checkbox
            aria-label={t('select.one', { name: dataset.name })}
            checked={selection.has(dataset._id)}
            disabled={ofBefore}
            onChange={() => selection.toggle(dataset._id)}
          />
        </Table.Td>
      )}
      <Table.Td maw={0} w={{ base: '100%', sm: '45%' }}>
        <DatasetName dataset={dataset} />
      </Table.Td>
      <Table.Td ta="right" visibleFrom="sm" style={oneLine}>
        {isFolder
          ? counts && t('folder.inside', { count: counts.children })
          : counts && formatNumber(counts.collections)}
      </Table.Td>
      <Table.Td ta="right" visibleFrom="sm">
        {!isFolder && counts && formatNumber(counts.data)}
      </Table.Td>
      <Table.Td ta="right" visibleFrom="lg" style={oneLine}>
        {!isFolder && counts && formatBytes(counts.bytes)}
      </Table.Td>
      <Table.Td visibleFrom="md">
        {!isFolder && (
          <Text size="sm" c="dimmed" truncate maw={200} title={dataset.vectorModel.model}>
            {dataset.vectorModel.model === 'builtin-keyword' ? t('model.keyword') : dataset.vectorModel.name}
          </Text>
        )}
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          <TimeAgo time={dataset.updateTime} />
        </Text>
      </Table.Td>
      <Table.Td>{dataset.permission.hasWritePer && <RowMenu dataset={dataset} actions={actions} />}</Table.Td>
    </Table.Tr>
  );
}

function DatasetName({ dataset }: { dataset: DatasetEntry }) {
  const { t } = useTranslation('datasets');
  const { running = 0, failed = 0 } = dataset.counts ?? {};
  const isFolder = dataset.type === 'folder';
  return (
    <Group gap="sm" wrap="nowrap">
      <DatasetAvatar type={dataset.type} avatar={dataset.avatar} />
      <Box miw={0} flex={1}>
        <Group gap={6}>
          <Anchor
            fw={600}
            c="bright"
            truncate
            maw="100%"
            title={dataset.name}
            renderRoot={(props) =>
              isFolder ? (
                <Link to="/datasets" search={{ folder: dataset._id }} {...props} />
              ) : (
                <Link to="/datasets/$datasetId" params={{ datasetId: dataset._id }} {...props} />
              )
            }
          >
            {dataset.name}
          </Anchor>
          {running > 0 && (
            <Badge variant="light" size="sm" style={{ flexShrink: 0 }}>
              {t('state.importing')}
            </Badge>
          )}
          {failed > 0 && (
            <Badge variant="light" color="red" size="sm" style={{ flexShrink: 0 }}>
              {t('state.failures', { count: failed })}
            </Badge>
          )}
        </Group>
        {dataset.intro && (
          <Text size="sm" c="dimmed" truncate title={dataset.intro}>
            {dataset.intro}
          </Text>
        )}
      </Box>
    </Group>
  );
}

function RowMenu({ dataset, actions }: Pick<DatasetRowProps, 'dataset' | 'actions'>) {
  const { t } = useTranslation(['datasets', 'common']);
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('moreOf', { name: dataset.name })}>
          <IconDots size={18} stroke={1.6} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconPencil size={16} stroke={1.6} aria-hidden />}
          onClick={() => actions.rename(dataset)}
        >
          {t('common:action.rename')}
        </Menu.Item>
        {dataset.permission.hasManagePer && (
          <Menu.Item
            leftSection={<IconFolderSymlink size={16} stroke={1.6} aria-hidden />}
            onClick={() => actions.move([dataset])}
          >
            {t('common:action.move')}
          </Menu.Item>
        )}
        {dataset.type !== 'folder' && (
          <Menu.Item
            leftSection={<IconSettings size={16} stroke={1.6} aria-hidden />}
            renderRoot={(props) => (
              <Link to="/datasets/$datasetId/settings" params={{ datasetId: dataset._id }} {...props} />
            )}
          >
            {t('tab.settings')}
          </Menu.Item>
        )}
        {dataset.permission.hasManagePer && (
          <>
            <Menu.Divider />
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={16} stroke={1.6} aria-hidden />}
              onClick={() => actions.remove([dataset])}
            >
              {t('common:action.delete')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
