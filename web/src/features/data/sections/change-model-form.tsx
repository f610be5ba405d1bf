import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { notifyDone } from '../../../ui/notify.ts';
import { Select } from '../../../ui/select.tsx';
import type { Dataset } from '../../datasets/queries.ts';
import { modelsQuery } from '../../search/queries.ts';
import type { Way } from './switch-fields.tsx';

// They are asked for a dataset that has vectors already.
const SwitchFields = lazy(async () => ({ default: (await import('./switch-fields.tsx')).SwitchFields }));

/** Begins a change of the embedding model: which one, and when to switch to it. */
export function ChangeModelForm({ dataset, words }: { dataset: Dataset; words: boolean }) {
  const { t } = useTranslation('data');
  const queries = useQueryClient();
  const { data: models } = useQuery(modelsQuery('embedding'));
  const [model, setModel] = useState<string | null>(null);
  const [when, setWhen] = useState<Way>('notWorse');
  const [days, setDays] = useState(7);
  const start = useMutation({
    mutationFn: (vectorModel: string) =>
      api.rebuildEmbedding({
        datasetId: dataset._id,
        vectorModel,
        ...(!words && { switchWhen: when, keepDays: days }),
      }),
    onSuccess: async ({ rebuild }) => {
      setModel(null);
      if (!rebuild) notifyDone(t('model.used'));
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['data', 'rebuild', dataset._id] }),
        queries.invalidateQueries({ queryKey: ['datasets', 'one', dataset._id] }),
      ]);
    },
  });
  const others = models?.filter((each) => each.model !== dataset.vectorModel.model) ?? [];
  if (models && others.length === 0) return <Text size="sm">{t('model.noOther')}</Text>;
  return (
    <Stack gap="sm">
      <Select
        label={t(words ? 'model.choose' : 'model.another')}
        placeholder={t('model.placeholder')}
        data={others.map(({ model: value, name }) => ({ value, label: name }))}
        value={model}
        onChange={setModel}
        maw={420}
      />
      {model && !words && (
        <Suspense fallback={<Loading />}>
          <SwitchFields when={when} onWhen={setWhen} days={days} onDays={setDays} />
        </Suspense>
      )}
      {model && (
        <Text size="sm" c="dimmed">
          {t(words ? 'model.firstText' : 'model.whatHappens')}
        </Text>
      )}
      {start.error && <ErrorAlert error={start.error} />}
      {model && (
        <Group>
          <Button loading={start.isPending} onClick={() => start.mutate(model)}>
            {t(words ? 'model.use' : 'model.start')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
