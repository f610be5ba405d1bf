import { Anchor, Badge, Group, Text } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatNumber } from '../../ui/format.ts';
import { TimeAgo } from '../../ui/time-ago.tsx';
import type { Collection } from './queries.ts';

/** What is known of a collection, in one line that wraps. */
export function CollectionFacts({ collection, items }: { collection: Collection; items: number }) {
  const { t } = useTranslation('data');
  return (
    <Group gap="lg" style={{ rowGap: 6 }}>
      <Fact label={t('fact.type')}>{t(`type.${collection.type}`)}</Fact>
      <Fact label={t('fact.items')}>{formatNumber(items)}</Fact>
      {collection.file && <Fact label={t('fact.size')}>{formatBytes(collection.file.length)}</Fact>}
      <Fact label={t('fact.updated')}>
        <TimeAgo time={collection.updateTime} />
      </Fact>
      {collection.rawLink && (
        <Fact label={t('fact.link')}>
          <Anchor
            href={collection.rawLink}
            target="_blank"
            rel="noreferrer noopener"
            size="sm"
            title={collection.rawLink}
          >
            <Group gap={4} wrap="nowrap" component="span">
              {hostOf(collection.rawLink)}
              <IconExternalLink size={14} aria-hidden />
            </Group>
          </Anchor>
        </Fact>
      )}
      {collection.externalId && <Fact label={t('fact.externalId')}>{collection.externalId}</Fact>}
      {collection.tags.length > 0 && (
        <Group gap={6}>
          {collection.tags.map((tag) => (
            <Badge key={tag} variant="light" tt="none">
              {tag}
            </Badge>
          ))}
        </Group>
      )}
    </Group>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Text size="sm" component="div">
      <Text span inherit c="dimmed" mr={6}>
        {label}
      </Text>
      {children}
    </Text>
  );
}

/** The host of an address, or the address where it is none. */
function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}
