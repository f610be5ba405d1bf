import { Button, Group, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { notifyDone } from '../../../ui/notify.ts';
import { sentParams } from './chunk-params.ts';
import { Preview } from './preview.tsx';
import type { ImportTarget } from './target.ts';
import { TwoColumns } from './two-columns.tsx';

/** A text that is typed or pasted. */
export function TextSource({ dataset, parentId, params, settings, onStarted }: ImportTarget) {
  const { t } = useTranslation('datasets');
  const [name, setName] = useState('');
  const [text, setText] = useState('');
  const [settled] = useDebouncedValue(text.trim(), 800);
  const ready = name.trim() !== '' && text.trim() !== '';
  const create = useMutation({
    mutationFn: () =>
      api.createTextCollection({
        datasetId: dataset._id,
        parentId,
        name: name.trim(),
        text,
        ...sentParams(params),
      }),
    onSuccess: ({ results }) => {
      notifyDone(
        results.insertLen > 0
          ? t('text.stored', { name: name.trim(), count: results.insertLen })
          : t('import.begun', { count: 1 }),
      );
      setName('');
      setText('');
      onStarted();
    },
  });
  // The preview reads a file: the text as one, kept for a day and never imported itself.
  const file = useQuery({
    queryKey: ['datasets', 'preview-text', dataset._id, settled],
    queryFn: () =>
      api.uploadFile(
        { bucketName: 'dataset', datasetId: dataset._id },
        { files: [{ name: 'text.md', content: new Blob([settled], { type: 'text/markdown' }) }] },
      ),
    enabled: settled !== '',
    staleTime: Number.POSITIVE_INFINITY,
  });
  const sources = file.data
    ? [{ type: 'fileLocal' as const, sourceId: file.data.fileId, name: name || t('text.label'), light: true }]
    : [];
  return (
    <TwoColumns
      preview={
        <Preview datasetId={dataset._id} sources={sources} params={params} empty={t('preview.emptyText')} />
      }
    >
      <TextInput
        label={t('field.name')}
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Textarea
        label={t('text.label')}
        description={t('text.about')}
        autosize
        minRows={8}
        maxRows={20}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {settings}
      {create.error && <ErrorAlert error={create.error} />}
      <Group>
        <Button size="md" disabled={!ready} loading={create.isPending} onClick={() => create.mutate()}>
          {t('text.import')}
        </Button>
      </Group>
    </TwoColumns>
  );
}
