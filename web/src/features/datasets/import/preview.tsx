import { Alert, Badge, Box, Button, Group, Loader, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconEye } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, type Request } from '../../../api/client.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { OfBefore } from '../../../ui/of-before.tsx';
import { Select } from '../../../ui/select.tsx';
import type { ChunkParams } from '../queries.ts';
import { sentParams } from './chunk-params.ts';
import { usePlace } from './place.ts';

/** A document whose passages can be shown before it is imported. */
export interface PreviewSource {
  type: Request<'getPreviewChunks'>['type'];
  sourceId: string;
  /** Part of a web page, as a CSS selector. */
  selector?: string;
  name: string;
  /** Reading it costs little: it is shown without being asked. */
  light: boolean;
}

interface PreviewProps {
  datasetId: string;
  sources: readonly PreviewSource[];
  params: ChunkParams;
  /** What to do to see one. */
  empty: string;
}

type Chunk = Answer<'getPreviewChunks'>['chunks'][number];

/** The passages that the import would make of a document, as the settings stand now. */
export function Preview({ datasetId, sources, params, empty }: PreviewProps) {
  const { t } = useTranslation('datasets');
  const [chosen, setChosen] = useState<string>();
  const [asked, setAsked] = useState<string>();
  const source = sources.find(({ sourceId }) => sourceId === chosen) ?? sources[0];
  const [settled] = useDebouncedValue(params, 500);
  const sent = sentParams(settled);
  const preview = useQuery({
    queryKey: ['datasets', 'preview', datasetId, source?.type, source?.sourceId, source?.selector, sent],
    queryFn: ({ signal }) => {
      const { type = 'fileLocal', sourceId = '', selector } = source ?? {};
      return api.getPreviewChunks(
        { datasetId, type, sourceId, ...(selector && { selector }), ...sent },
        { signal },
      );
    },
    enabled: source !== undefined && (source.light || asked === source.sourceId),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return (
    <Paper withBorder p="md" component="section" aria-label={t('preview.title')}>
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Text fw={600}>{t('preview.title')}</Text>
          {preview.isFetching && <Loader size="xs" aria-label={t('preview.loading')} />}
        </Group>
        {sources.length > 1 && (
          <Select
            aria-label={t('preview.of')}
            allowDeselect={false}
            searchable
            limit={100}
            value={source?.sourceId ?? null}
            data={sources.map(({ sourceId, name }) => ({ value: sourceId, label: name }))}
            onChange={(value) => setChosen(value ?? undefined)}
          />
        )}
        {!source && (
          <Text size="sm" c="dimmed">
            {empty}
          </Text>
        )}
        {source && !source.light && asked !== source.sourceId && (
          <Button
            variant="default"
            leftSection={<IconEye size={16} stroke={1.6} aria-hidden />}
            onClick={() => setAsked(source.sourceId)}
          >
            {t('preview.show')}
          </Button>
        )}
        {preview.isLoading && <Skeleton h={160} />}
        {preview.error && <ErrorAlert error={preview.error} onRetry={() => preview.refetch()} />}
        {source && preview.data && !preview.error && (
          <OfBefore when={preview.isPlaceholderData}>
            <Chunks answer={preview.data} />
          </OfBefore>
        )}
      </Stack>
    </Paper>
  );
}

function Chunks({ answer }: { answer: Answer<'getPreviewChunks'> }) {
  const { t } = useTranslation('datasets');
  const { chunks, total } = answer;
  return (
    <>
      <Text size="sm" c="dimmed" mb="xs" role="status">
        {t('preview.total', { count: total, amount: formatNumber(total) })}
        {total > chunks.length && ` ${t('preview.first', { count: chunks.length })}`}
      </Text>
      <Box mah="min(620px, 70vh)" tabIndex={0} style={{ overflowY: 'auto' }}>
        <Stack gap="xs" component="ol" p={0} m={0} style={{ listStyle: 'none' }}>
          {chunks.map((chunk, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: passages have nothing but their place
            <ChunkCard key={place} chunk={chunk} place={place + 1} />
          ))}
        </Stack>
      </Box>
      {total === 1 && (
        <Alert variant="light" color="gray" mt="xs">
          {t('preview.one')}
        </Alert>
      )}
    </>
  );
}

function ChunkCard({ chunk, place }: { chunk: Chunk; place: number }) {
  const { t } = useTranslation('datasets');
  const placeOf = usePlace();
  const where = placeOf(chunk.position);
  return (
    <Paper component="li" withBorder p="xs" bg="var(--mantine-color-default-hover)">
      <Group gap="xs" mb={4}>
        <Badge size="sm" variant="default">
          {place}
        </Badge>
        <Text size="xs" c="dimmed">
          {[t('preview.tokens', { count: chunk.tokens, amount: formatNumber(chunk.tokens) }), where]
            .filter(Boolean)
            .join(' · ')}
        </Text>
      </Group>
      {chunk.headings.length > 0 && (
        <Text size="xs" fw={600} truncate title={chunk.headings.join(' › ')}>
          {chunk.headings.join(' › ')}
        </Text>
      )}
      <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {chunk.q}
      </Text>
    </Paper>
  );
}
