import { Button, Group, NumberInput, Radio, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { notifyDone } from '../../../ui/notify.ts';
import { Select } from '../../../ui/select.tsx';
import type { Dataset } from '../../datasets/queries.ts';
import { modelsQuery } from '../../search/queries.ts';

const ways = ['notWorse', 'asked', 'always'] as const;
type Way = (typeof ways)[number];

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
        <>
          <Radio.Group
            label={t('model.when')}
            value={when}
            onChange={(value) => setWhen(ways.find((each) => each === value) ?? 'notWorse')}
          >
            <Stack gap="xs" mt="xs">
              {ways.map((value) => (
                <Radio
                  key={value}
                  value={value}
                  label={t(`when.${value}`)}
                  description={t(`when.${value}Text`)}
                />
              ))}
            </Stack>
          </Radio.Group>
          <NumberInput
            label={t('model.keep')}
            description={t('model.keepText')}
            value={days}
            min={0}
            max={365}
            onChange={(value) => setDays(Math.min(365, Math.max(0, Math.round(Number(value)) || 0)))}
            maw={240}
          />
        </>
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
