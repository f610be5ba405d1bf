import { Alert, Button, Grid, Group, Stack } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { modals } from '../../../ui/modals.ts';
import { sentParams, storedParams } from '../import/chunk-params.ts';
import { ChunkSettings } from '../import/chunk-settings.tsx';
import { Preview } from '../import/preview.tsx';
import type { ChunkParams, Collection, Dataset } from '../queries.ts';
import type { CollectionActions } from './collection-actions.ts';

interface ReTrainProps {
  dataset: Dataset;
  collection: Collection;
  actions: CollectionActions;
}

function ReTrain({ dataset, collection, actions, onDone }: ReTrainProps & { onDone: () => void }) {
  const { t } = useTranslation(['datasets', 'common']);
  const detail = useQuery({
    queryKey: ['datasets', 'collection', collection._id],
    queryFn: () => api.getCollection({ id: collection._id }),
  });
  const [changed, setParams] = useState<ChunkParams>();
  const params = changed ?? storedParams(detail.data);
  const run = useMutation({
    mutationFn: () => api.reTrainCollection({ collectionId: collection._id, ...sentParams(params) }),
    onSuccess: async () => {
      onDone();
      await actions.changed();
    },
  });
  if (detail.isPending) return <Loading />;
  const source = {
    type: 'reTraining' as const,
    sourceId: collection._id,
    name: collection.name,
    light: true,
  };
  return (
    <Stack>
      <Alert color="orange" variant="light">
        {t('reTrain.warning')}
      </Alert>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <ChunkSettings params={params} onChange={setParams} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Preview datasetId={dataset._id} sources={[source]} params={params} empty="" />
        </Grid.Col>
      </Grid>
      {run.error && <ErrorAlert error={run.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          {t('common:action.cancel')}
        </Button>
        <Button loading={run.isPending} onClick={() => run.mutate()}>
          {t('reTrain.run')}
        </Button>
      </Group>
    </Stack>
  );
}

/** Lets somebody cut a document anew with other settings, after they saw the result. */
export function openReTrain({ title, ...props }: ReTrainProps & { title: string }): void {
  const id = modals.open({
    title,
    size: 'xl',
    children: <ReTrain {...props} onDone={() => modals.close(id)} />,
  });
}
