import { Button, Group, Stack } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { modals } from '../../../ui/modals.ts';
import { TagsInput } from '../../../ui/tags-input.tsx';
import { type Collection, type Dataset, tagsQuery } from '../queries.ts';
import type { CollectionActions } from './collection-actions.ts';
import type { Some } from './use-chosen.ts';

interface TagsFormProps {
  dataset: Dataset;
  /** Tags that are chosen to begin with. */
  initial: string[];
  label: string;
  save: (tags: string[]) => Promise<unknown>;
  onDone: () => void;
}

function TagsForm({ dataset, initial, label, save, onDone }: TagsFormProps) {
  const { t } = useTranslation(['datasets', 'common']);
  const known = useQuery(tagsQuery(dataset._id));
  const [tags, setTags] = useState(initial);
  const saving = useMutation({ mutationFn: () => save(tags), onSuccess: onDone });
  return (
    <Stack>
      <TagsInput
        label={label}
        description={t('tags.about')}
        data={known.data?.map(({ tag }) => tag) ?? []}
        value={tags}
        onChange={setTags}
        data-autofocus
        maxTags={100}
        clearable
      />
      {saving.error && <ErrorAlert error={saving.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          {t('common:action.cancel')}
        </Button>
        <Button loading={saving.isPending} onClick={() => saving.mutate()}>
          {t('common:action.save')}
        </Button>
      </Group>
    </Stack>
  );
}

/** The tags of one collection. */
export function openTags(props: {
  title: string;
  dataset: Dataset;
  collection: Collection;
  actions: CollectionActions;
}): void {
  const { title, dataset, collection, actions } = props;
  const save = async (tags: string[]) => {
    await api.updateCollection({ id: collection._id, tags });
    await actions.changed();
  };
  const id = modals.open({
    title,
    children: (
      <TagsForm
        dataset={dataset}
        initial={collection.tags}
        label={title}
        save={save}
        onDone={() => modals.close(id)}
      />
    ),
  });
}

/** Puts tags on several collections, which keep those that they have. */
export function openAddTags(props: {
  title: string;
  dataset: Dataset;
  some: Some;
  actions: CollectionActions;
  onDone: () => void;
}): void {
  const { title, dataset, some, actions } = props;
  const save = async (tags: string[]) => {
    const collectionIds = [...some.ids];
    for (const tag of tags) await api.addTagToCollections({ datasetId: dataset._id, tag, collectionIds });
    await actions.changed();
    props.onDone();
  };
  const id = modals.open({
    title,
    children: (
      <TagsForm dataset={dataset} initial={[]} label={title} save={save} onDone={() => modals.close(id)} />
    ),
  });
}
