import { Anchor, Badge, Box, Checkbox, Group, Table, Text, ThemeIcon, useMatches } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../ui/format.ts';
import { TableScroll } from '../../../ui/table-scroll.tsx';
import { TimeAgo } from '../../../ui/time-ago.tsx';
import type { Job } from '../../jobs/queries.ts';
import type { Collection, Dataset } from '../queries.ts';
import type { CollectionActions } from './collection-actions.ts';
import { collectionKindOf } from './collection-kind.ts';
import { CollectionMenu } from './collection-menu.tsx';
import { CollectionState } from './collection-state.tsx';
import { SortHeading } from './sort-heading.tsx';
import type { useChosen } from './use-chosen.ts';

interface CollectionTableProps {
  dataset: Dataset;
  collections: readonly Collection[];
  /** The unfinished job of each collection that has one. */
  jobs: ReadonlyMap<string, Job>;
  selection: ReturnType<typeof useChosen>;
  actions: CollectionActions;
  /** They are not those that were asked for: none can be chosen. */
  ofBefore: boolean;
}

/** Headings and numbers of columns stay whole; names give way. */
const oneLine = { whiteSpace: 'nowrap' } as const;

/** Collections and folders, one a row. */
export function CollectionTable(props: CollectionTableProps) {
  const { dataset, collections, selection, ofBefore } = props;
  const { t } = useTranslation('datasets');
  const mayWrite = dataset.permission.hasWritePer;
  return (
    <TableScroll minWidth={340}>
      <Table highlightOnHover verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {mayWrite && (
              <Table.Th w={40}>
                <Checkbox
                  aria-label={t('select.all')}
                  checked={selection.pageIsChosen}
                  indeterminate={selection.pageIsPartlyChosen}
                  disabled={ofBefore}
                  onChange={selection.togglePage}
                />
              </Table.Th>
            )}
            <SortHeading sorts={['name', 'nameDesc']}>{t('field.name')}</SortHeading>
            <Table.Th miw={100} visibleFrom="md" style={oneLine}>
              {t('field.tags')}
            </Table.Th>
            <SortHeading sorts={['size', 'sizeAsc']} right visibleFrom="sm">
              {t('count.chunks')}
            </SortHeading>
            <Table.Th miw={110} visibleFrom="sm" style={oneLine}>
              {t('field.state')}
            </Table.Th>
            <SortHeading sorts={[undefined, 'oldest']} visibleFrom="sm">
              {t('field.changed')}
            </SortHeading>
            <Table.Th w={48} aria-label={t('action.more', { ns: 'common' })} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {collections.map((collection) => (
            <CollectionRow key={collection._id} {...props} collection={collection} />
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}

interface CollectionRowProps extends CollectionTableProps {
  collection: Collection;
}

function CollectionRow(props: CollectionRowProps) {
  const { dataset, collection, jobs, selection, actions, ofBefore } = props;
  const { t } = useTranslation('datasets');
  const { _id: id, name, type, tags, dataAmount, updateTime } = collection;
  const mayWrite = dataset.permission.hasWritePer;
  // A phone has no room for a column of it.
  const phone = useMatches({ base: true, sm: false });
  const state = (
    <CollectionState collection={collection} job={jobs.get(id)} actions={actions} mayWrite={mayWrite} />
  );
  return (
    <Table.Tr bg={selection.has(id) ? 'var(--mantine-primary-color-light)' : undefined}>
      {mayWrite && (
        <Table.Td>
          <Checkbox
            aria-label={t('select.one', { name })}
            checked={selection.has(id)}
            disabled={ofBefore}
            onChange={() => selection.toggle(collection)}
          />
        </Table.Td>
      )}
      <Table.Td maw={0} w={{ base: '100%', sm: '45%' }}>
        <CollectionName dataset={dataset} collection={collection} />
        {phone && <Box mt={4}>{state}</Box>}
      </Table.Td>
      <Table.Td visibleFrom="md" maw={220}>
        <Group gap={4}>
          {tags.slice(0, 3).map((tag) => (
            <Badge key={tag} variant="default" size="sm" tt="none" maw={140} title={tag}>
              {tag}
            </Badge>
          ))}
          {tags.length > 3 && (
            <Text size="xs" c="dimmed" title={tags.slice(3).join(', ')}>
              +{tags.length - 3}
            </Text>
          )}
        </Group>
      </Table.Td>
      <Table.Td ta="right" visibleFrom="sm" style={oneLine}>
        {type === 'folder' ? (
          <Text size="sm" c="dimmed">
            {t('folder.inside', { count: dataAmount })}
          </Text>
        ) : (
          formatNumber(dataAmount)
        )}
      </Table.Td>
      {!phone && <Table.Td>{state}</Table.Td>}
      <Table.Td visibleFrom="sm">
        <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          <TimeAgo time={updateTime} />
        </Text>
      </Table.Td>
      <Table.Td>
        <CollectionMenu dataset={dataset} collection={collection} actions={actions} />
      </Table.Td>
    </Table.Tr>
  );
}

function CollectionName({ dataset, collection }: Pick<CollectionRowProps, 'dataset' | 'collection'>) {
  const { t } = useTranslation('datasets');
  const { _id: collectionId, name, type } = collection;
  const { icon: Icon, text } = collectionKindOf(type);
  const datasetId = dataset._id;
  return (
    <Group gap="sm" wrap="nowrap">
      <ThemeIcon
        visibleFrom="xs"
        variant="light"
        color={type === 'folder' ? 'gray' : 'lectern'}
        size={30}
        title={t(text)}
      >
        <Icon size={16} stroke={1.6} aria-label={t(text)} />
      </ThemeIcon>
      <Box miw={0} flex={1}>
        <Anchor
          size="sm"
          fw={600}
          c={collection.forbid ? 'dimmed' : 'bright'}
          lineClamp={2}
          title={name}
          style={{ overflowWrap: 'anywhere' }}
          renderRoot={(props) =>
            type === 'folder' ? (
              <Link
                to="/datasets/$datasetId"
                params={{ datasetId }}
                search={{ folder: collectionId }}
                {...props}
              />
            ) : (
              <Link
                to="/datasets/$datasetId/collections/$collectionId"
                params={{ datasetId, collectionId }}
                {...props}
              />
            )
          }
        >
          {name}
        </Anchor>
        {collection.rawLink && (
          <Text size="xs" c="dimmed" truncate title={collection.rawLink}>
            {collection.rawLink}
          </Text>
        )}
      </Box>
    </Group>
  );
}
