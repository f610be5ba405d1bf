import { Badge, Card, Group, Image, Text, UnstyledButton } from '@mantine/core';
import { IconCircleCheck, IconClockHour4 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../ui/format.ts';
import { Tooltip } from '../../ui/tooltip.tsx';
import classes from './data.module.css';
import { Passage } from './passage.tsx';
import { placeText } from './place-text.ts';
import type { ListedItem } from './queries.ts';

interface ItemCardProps {
  item: ListedItem;
  /** Its place in the collection, from 1. */
  number: number;
  /** Whether the dataset has an embedding model, so that vectors are to be expected. */
  vectors: boolean;
  active: boolean;
  onOpen: () => void;
}

/** One passage in the list: its text, where it stands, and whether it can be found. */
export function ItemCard({ item, number, vectors, active, onOpen }: ItemCardProps) {
  const { t } = useTranslation('data');
  const place = placeText(t, item.position);
  return (
    <Card withBorder padding="sm" className={classes.item ?? ''} data-active={active || undefined}>
      <Group justify="space-between" gap="xs" mb={8} wrap="nowrap" align="center">
        <Group gap={8} miw={0}>
          <Badge variant="light" color="gray" tt="none">
            #{formatNumber(number)}
          </Badge>
          {place && (
            <Text size="xs" c="dimmed" truncate title={place}>
              {place}
            </Text>
          )}
        </Group>
        <Group gap="sm" wrap="nowrap" style={{ flexShrink: 0 }}>
          <Text size="xs" c="dimmed">
            {t('item.tokens', { count: item.tokens, number: formatNumber(item.tokens) })}
          </Text>
          <Text size="xs" c="dimmed">
            {t('item.indexes', { count: item.indexAmount })}
          </Text>
          {vectors && <VectorState item={item} />}
        </Group>
      </Group>
      <UnstyledButton
        className={classes.open ?? ''}
        onClick={onOpen}
        aria-label={t('item.open', { number: formatNumber(number) })}
      />
      <Group align="flex-start" wrap="nowrap" gap="md">
        {item.imagePreviewUrl && (
          <Image src={item.imagePreviewUrl} alt={item.q} w={120} h={90} fit="contain" radius="sm" />
        )}
        <Passage q={item.q} a={item.a} folded />
      </Group>
    </Card>
  );
}

function VectorState({ item }: { item: ListedItem }) {
  const { t } = useTranslation('data');
  const done = item.embeddedAmount >= item.indexAmount;
  const text = done
    ? t('item.embedded')
    : t('item.notEmbedded', { done: item.embeddedAmount, all: item.indexAmount });
  const Icon = done ? IconCircleCheck : IconClockHour4;
  return (
    <Tooltip label={text}>
      <Text span c={done ? 'teal' : 'orange'} lh={0} role="img" aria-label={text}>
        <Icon size={16} stroke={1.6} aria-hidden />
      </Text>
    </Tooltip>
  );
}
