import { Button, Group, Loader, Paper, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { formatNumber } from '../../../ui/format.ts';
import { notifyError } from '../../../ui/notify.ts';
import { type CollectionsFilter, type Dataset, filterRequest } from '../queries.ts';
import type { CollectionActions } from './collection-actions.ts';
import type { useChosen } from './use-chosen.ts';

/** So many the server deals with at once. */
const mostChosen = 10_000;

interface ChosenBarProps {
  dataset: Dataset;
  filter: CollectionsFilter;
  chosen: ReturnType<typeof useChosen>;
  /** Entries that match, on all pages. */
  total: number;
  actions: CollectionActions;
}

/** What can be done with all that is chosen, and how all that match are chosen. */
export function ChosenBar({ dataset, filter, chosen, total, actions }: ChosenBarProps) {
  const { t } = useTranslation(['datasets', 'common']);
  const [busy, setBusy] = useState(false);
  const { some, count, clear } = chosen;
  if (count === 0) return null;
  const during = async (work: () => unknown) => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      notifyError(error);
    }
    setBusy(false);
  };
  const chooseAll = () =>
    during(async () =>
      chosen.chooseAll(await api.listCollectionIds({ datasetId: dataset._id, ...filterRequest(filter) })),
    );
  const addTags = async () => {
    const dialog = await import('./tags-form.tsx');
    dialog.openAddTags({ title: t('tags.add'), dataset, some, actions, onDone: clear });
  };
  const entries = [
    { text: t('tags.add'), run: addTags },
    { text: t('common:action.move'), run: () => actions.move(some, clear) },
    { text: t('collections.switchOn'), run: () => actions.switchOn(some, true) },
    { text: t('collections.switchOff'), run: () => actions.switchOn(some, false) },
    { text: t('common:action.retry'), run: () => actions.retry(some) },
  ];
  return (
    <Paper withBorder p="xs" role="region" aria-label={t('select.label')} aria-busy={busy}>
      <Group gap="xs">
        <Text size="sm" fw={600} px="xs" role="status">
          {t('select.count', { count })}
        </Text>
        {chosen.pageIsChosen && count < Math.min(total, mostChosen) && (
          <Button size="xs" variant="subtle" disabled={busy} onClick={chooseAll}>
            {total > mostChosen
              ? t('select.most', { amount: formatNumber(mostChosen) })
              : t('select.everything', { count: total, amount: formatNumber(total) })}
          </Button>
        )}
        {entries.map(({ text, run }) => (
          <Button key={text} size="xs" variant="default" disabled={busy} onClick={() => during(run)}>
            {text}
          </Button>
        ))}
        <Button
          size="xs"
          variant="default"
          c="red"
          disabled={busy}
          onClick={() => actions.remove(some, clear, during)}
        >
          {t('common:action.delete')}
        </Button>
        {busy && <Loader size="xs" aria-label={t('select.working')} />}
        <Button size="xs" variant="subtle" color="gray" ml="auto" disabled={busy} onClick={clear}>
          {t('select.clear')}
        </Button>
      </Group>
    </Paper>
  );
}
