import { Badge, Button, Group } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { initQuery } from '../../api/init.ts';
import { formatNumber } from '../../ui/format.ts';
import { type DeletedKind, deletedCountQuery } from './queries.ts';

/** The way to what was deleted lately, below a list; for those who may delete. */
export function DeletedLink({ kind }: { kind: DeletedKind }) {
  const { t } = useTranslation('deleted');
  const { trashDays } = useSuspenseQuery(initQuery).data.feConfigs;
  const { data: count = 0 } = useQuery(deletedCountQuery(kind));
  if (trashDays === 0 && count === 0) return null;
  return (
    <Group mt="md">
      <Button
        variant="subtle"
        color="gray"
        size="xs"
        px="xs"
        fw={500}
        leftSection={<IconTrash size={16} stroke={1.6} aria-hidden />}
        rightSection={
          count > 0 && (
            <Badge size="sm" variant="default">
              {formatNumber(count)}
            </Badge>
          )
        }
        renderRoot={(props) => <Link to={`/${kind}/deleted`} {...props} />}
      >
        {t('entry')}
      </Button>
    </Group>
  );
}
