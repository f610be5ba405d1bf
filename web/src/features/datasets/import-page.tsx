import { Button, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Choice } from '../../ui/choice.tsx';
import { Forbidden } from '../../ui/forbidden.tsx';
import { Loading } from '../../ui/loading.tsx';
import { storedParams } from './import/chunk-params.ts';
import { ChunkSettings } from './import/chunk-settings.tsx';
import { FilesSource } from './import/files-source.tsx';
import { RecentImports } from './import/recent-imports.tsx';
import type { ImportTarget } from './import/target.ts';
import { type ChunkParams, collectionPathQuery, datasetQuery } from './queries.ts';

// Those that are chosen less often load when they are.
const ApiSource = lazy(async () => ({ default: (await import('./import/api-source.tsx')).ApiSource }));
const LinksSource = lazy(async () => ({ default: (await import('./import/links-source.tsx')).LinksSource }));
const PicturesSource = lazy(async () => ({
  default: (await import('./import/pictures-source.tsx')).PicturesSource,
}));
const TableSource = lazy(async () => ({ default: (await import('./import/table-source.tsx')).TableSource }));
const TextSource = lazy(async () => ({ default: (await import('./import/text-source.tsx')).TextSource }));

const sources = {
  files: FilesSource,
  links: LinksSource,
  text: TextSource,
  table: TableSource,
  pictures: PicturesSource,
  api: ApiSource,
} as const;
type SourceName = keyof typeof sources;

/** Brings knowledge into a dataset: from where, how it is cut, and how far it is. */
export function ImportPage() {
  const { t } = useTranslation(['datasets', 'common']);
  const { datasetId } = useParams({ from: '/shell/datasets/$datasetId' });
  const { folder } = useSearch({ from: '/shell/datasets/$datasetId/import' });
  const { data: dataset } = useSuspenseQuery(datasetQuery(datasetId));
  const path = useQuery(collectionPathQuery(folder));
  const queries = useQueryClient();
  const imports = useRef<HTMLDivElement>(null);
  const names: SourceName[] = ['files', 'links', 'text', 'table', 'pictures'];
  if (dataset.type === 'apiDataset') names.unshift('api');
  const [chosen, setChosen] = useState<SourceName>(names[0] ?? 'files');
  const [dropped, setDropped] = useState('');
  const [params, setParams] = useState<ChunkParams>(() => storedParams(dataset.chunkSettings));
  const Source = sources[chosen];
  if (!dataset.permission.hasWritePer)
    return (
      <Forbidden title={t('common:error.forbiddenTitle')} text={t('import.notAllowed')}>
        <Button
          variant="default"
          renderRoot={(props) => <Link to="/datasets/$datasetId" params={{ datasetId }} {...props} />}
        >
          {t('import.back')}
        </Button>
      </Forbidden>
    );
  const target: ImportTarget = {
    dataset,
    parentId: folder ?? null,
    params,
    settings: <ChunkSettings params={params} onChange={setParams} />,
    dropped,
    onLinks: (links) => {
      setDropped(links);
      if (links) setChosen('links');
    },
    onStarted: () => {
      void queries.invalidateQueries({ queryKey: ['jobs'] });
      void queries.invalidateQueries({ queryKey: ['datasets', 'collections', datasetId] });
      imports.current?.scrollIntoView({ behavior: 'smooth', block: 'nearest' });
    },
  };
  return (
    <Stack gap="lg">
      {path.data && path.data.length > 0 && (
        <Text size="sm" c="dimmed">
          {t('import.into', { path: path.data.map(({ parentName }) => parentName).join(' / ') })}
        </Text>
      )}
      <Choice
        label={t('import.from')}
        value={chosen}
        data={names.map((value) => ({ value, label: t(`import.source.${value}`) }))}
        onChange={(source) => {
          setDropped('');
          setChosen(source);
        }}
      />
      <Suspense fallback={<Loading />}>
        <Source key={chosen} {...target} />
      </Suspense>
      <div ref={imports}>
        <RecentImports datasetId={datasetId} />
      </div>
    </Stack>
  );
}
