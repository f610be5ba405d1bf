import { LecternError } from '@lectern/contract/client.ts';
import {
  ActionIcon,
  Alert,
  Badge,
  Button,
  Group,
  ScrollArea,
  Skeleton,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import {
  IconArrowsDiagonal,
  IconArrowsDiagonalMinimize2,
  IconChevronLeft,
  IconChevronRight,
  IconDatabase,
  IconExternalLink,
  IconX,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../api/client.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import type { Message } from '../conversation/messages.ts';
import { originalQuery, passageQuery } from '../conversation/queries.ts';
import type { Target } from '../conversation/source.ts';
import { addressOf } from '../markdown/address.ts';
import { askToOpen } from '../markdown/link.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import classes from './citation-panel.module.css';
import { citedPassages } from './cited.ts';
import { placeOf } from './place.ts';

const PdfPage = lazy(() => import('./pdf-page.tsx'));

/** A passage that a reader of an answer wants to see. */
export interface OpenCitation {
  message: Message;
  dataId: string;
}

interface CitationPanelProps extends OpenCitation {
  target: Target;
  allowedHosts: readonly string[];
  onMove: (dataId: string) => void;
  onClose: () => void;
  /** Whether it has most of the room, and how to change that; absent where it has all. */
  width?: { wide: boolean; onToggle: () => void } | undefined;
}

type Passage = Answer<'getQuoteData'>;

/** The exact passage behind a mark, in its source: the page of a PDF, or the text with what stands around it. */
export default function CitationPanel({
  message,
  dataId,
  target,
  allowedHosts,
  onMove,
  onClose,
  width,
}: CitationPanelProps) {
  const { t } = useTranslation('chat');
  const cites = [...citedPassages(message)];
  const at = cites.findIndex(([id]) => id === dataId);
  const number = cites[at]?.[1].number ?? 1;
  const { appId, chatId } = target;
  const cited = { appId, chatId, chatItemDataId: message.id };
  const passage = useQuery(passageQuery(dataId, cited));
  const step = (by: number) => {
    const next = cites[at + by];
    if (next) onMove(next[0]);
  };
  return (
    <section className={classes.panel} aria-label={t('cite.title', { number })}>
      <Group className={classes.head} justify="space-between" wrap="nowrap">
        <Title order={2} size="h6">
          {t('cite.title', { number })}
        </Title>
        <Group gap={2} wrap="nowrap">
          {cites.length > 1 && (
            <>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('cite.previous')}
                disabled={at <= 0}
                onClick={() => step(-1)}
              >
                <IconChevronLeft size={18} aria-hidden />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('cite.next')}
                disabled={at < 0 || at >= cites.length - 1}
                onClick={() => step(1)}
              >
                <IconChevronRight size={18} aria-hidden />
              </ActionIcon>
            </>
          )}
          {width && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t(width.wide ? 'cite.narrow' : 'cite.widen')}
              onClick={width.onToggle}
            >
              {width.wide ? (
                <IconArrowsDiagonalMinimize2 size={17} stroke={1.6} aria-hidden />
              ) : (
                <IconArrowsDiagonal size={17} stroke={1.6} aria-hidden />
              )}
            </ActionIcon>
          )}
          <ActionIcon variant="subtle" color="gray" aria-label={t('cite.close')} onClick={onClose}>
            <IconX size={18} aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
      <ScrollArea className={classes.body} key={dataId}>
        {passage.data ? (
          <PassageView passage={passage.data} cited={cited} allowedHosts={allowedHosts} />
        ) : passage.error ? (
          isGone(passage.error) ? (
            <Alert m="md" color="yellow">
              {t('cite.gone')}
            </Alert>
          ) : (
            <ErrorAlert error={passage.error} onRetry={() => void passage.refetch()} />
          )
        ) : (
          <Stack p="md">
            <Skeleton h={18} w="60%" />
            <Skeleton h={160} />
          </Stack>
        )}
      </ScrollArea>
    </section>
  );
}

const isGone = (error: unknown) =>
  error instanceof LecternError && (error.status === 404 || error.status === 403);

interface PassageViewProps {
  passage: Passage;
  cited: { appId: string; chatId: string; chatItemDataId: string };
  allowedHosts: readonly string[];
}

function PassageView({ passage, cited, allowedHosts }: PassageViewProps) {
  const { t } = useTranslation('chat');
  const { collection, position } = passage;
  const hasOriginal = collection.fileId !== undefined || collection.rawLink !== undefined;
  const original = useQuery({ ...originalQuery(collection._id, cited), enabled: hasOriginal });
  const address = addressOf(original.data?.value || undefined, window.location.origin, allowedHosts);
  const isPdf = /\.pdf$/i.test(collection.name) && position?.page !== undefined;
  return (
    <Stack p="md" gap="md">
      <div>
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {collection.name}
        </Text>
        <Group gap={6} mt={4}>
          {placeOf(t, position, passage.headings).map((place) => (
            <Badge key={place} variant="light" tt="none" fw={500} className={classes.place}>
              {place}
            </Badge>
          ))}
        </Group>
      </div>
      {isPdf && address.kind === 'file' && position?.page !== undefined && (
        <Suspense fallback={<Skeleton h={420} />}>
          <PdfPage address={address.href} page={position.page} passage={passage.q} />
        </Suspense>
      )}
      <PassageText passage={passage} appId={cited.appId} allowedHosts={allowedHosts} alone={isPdf} />
      <Group gap="xs">
        {address.kind === 'file' && (
          <Button
            component="a"
            href={address.href}
            target="_blank"
            rel="noopener noreferrer"
            size="xs"
            variant="default"
            leftSection={<IconExternalLink size={14} aria-hidden />}
          >
            {t('cite.original')}
          </Button>
        )}
        {(address.kind === 'foreign' || address.kind === 'allowed') && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconExternalLink size={14} aria-hidden />}
            onClick={() => askToOpen(address.href, address.host)}
          >
            {t('cite.original')}
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDatabase size={14} aria-hidden />}
          renderRoot={(props) => (
            <Link
              to="/datasets/$datasetId/collections/$collectionId"
              params={{ datasetId: collection.datasetId, collectionId: collection._id }}
              {...props}
            />
          )}
        >
          {t('cite.inDataset')}
        </Button>
      </Group>
    </Stack>
  );
}

interface PassageTextProps {
  passage: Passage;
  appId: string;
  allowedHosts: readonly string[];
  /** Without what stands around it, which the drawn page shows. */
  alone: boolean;
}

function PassageText({ passage, appId, allowedHosts, alone }: PassageTextProps) {
  const text = (part: { q: string; a?: string | undefined }) => (part.a ? `${part.q}\n\n${part.a}` : part.q);
  const surroundings = { appId, allowedHosts };
  const place = useRef<HTMLElement>(null);
  // Beside a drawn page the page is what is looked at.
  useEffect(() => {
    if (!alone) place.current?.scrollIntoView({ block: 'center' });
  }, [alone]);
  return (
    <div className={classes.text}>
      {!alone &&
        passage.before.map((part) => (
          <div key={part._id} className={classes.around}>
            <Markdown text={text(part)} {...surroundings} />
          </div>
        ))}
      <mark ref={place} className={classes.passage}>
        <Markdown text={text(passage)} {...surroundings} />
      </mark>
      {!alone &&
        passage.after.map((part) => (
          <div key={part._id} className={classes.around}>
            <Markdown text={text(part)} {...surroundings} />
          </div>
        ))}
    </div>
  );
}
