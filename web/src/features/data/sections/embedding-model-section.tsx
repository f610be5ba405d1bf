import { Alert, Group, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { Section } from '../../../ui/section.tsx';
import type { Dataset } from '../../datasets/queries.ts';
import { wordsOnlyModel } from '../../search/use-abilities.ts';
import { ChangeModelForm } from './change-model-form.tsx';
import { rebuildQuery } from './queries.ts';

const RebuildState = lazy(async () => ({ default: (await import('./rebuild-state.tsx')).RebuildState }));

const unfinished = ['building', 'comparing', 'ready'];

/** The embedding model of a dataset, and the way to another one while searches go on. */
export function EmbeddingModelSection({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation('data');
  const { data: rebuild, error, refetch, isPending } = useQuery(rebuildQuery(dataset._id));
  const { vectorModel, permission } = dataset;
  const words = vectorModel.model === wordsOnlyModel;
  const going = rebuild && unfinished.includes(rebuild.state);
  return (
    <Section title={t('model.title')} text={t('model.text')}>
      <Group gap="xs">
        <Text size="sm" c="dimmed">
          {t('model.now')}
        </Text>
        <Text size="sm" fw={600}>
          {words ? t('model.words') : vectorModel.name || vectorModel.model}
        </Text>
      </Group>
      {isPending && <Skeleton h={48} />}
      {error && <ErrorAlert error={error} onRetry={refetch} />}
      {rebuild && (
        <Suspense fallback={<Skeleton h={48} />}>
          <RebuildState dataset={dataset} rebuild={rebuild} mayAct={permission.hasManagePer} />
        </Suspense>
      )}
      {!isPending &&
        !going &&
        (permission.hasManagePer ? (
          <ChangeModelForm dataset={dataset} words={words} />
        ) : (
          <Alert variant="light">{t('model.mayNot')}</Alert>
        ))}
    </Section>
  );
}
