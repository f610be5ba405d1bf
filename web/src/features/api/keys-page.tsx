import { Button, Group, Paper, SegmentedControl, Skeleton, Text, TextInput } from '@mantine/core';
import { IconKey, IconPlus, IconSearch, IconTags } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { mayEdit, useMe } from '../../api/me.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Forbidden } from '../../ui/forbidden.tsx';
import { Page } from '../../ui/page.tsx';
import { Select } from '../../ui/select.tsx';
import { type KeyDialog, KeyDialogs } from './keys/key-dialogs.tsx';
import { KeyTable } from './keys/key-table.tsx';
import { type ApiKey, keyLabelsQuery, keysQuery } from './queries.ts';

/** Which of the keys are shown. */
interface Filter {
  kind: 'all' | 'app' | 'global';
  text: string;
  label: string | null;
}

function matches(key: ApiKey, { kind, text, label }: Filter): boolean {
  const wanted = text.trim().toLowerCase();
  const names = [key.name, key.appName ?? '', key.apiKey].join('\n').toLowerCase();
  const isApp = key.appId !== undefined;
  return (
    (kind === 'all' || isApp === (kind === 'app')) &&
    (label === null || key.tags.some(({ _id }) => _id === label)) &&
    names.includes(wanted)
  );
}

/** Every key that this person may see, of both kinds. */
export function KeysPage() {
  const { t } = useTranslation(['api', 'common']);
  if (mayEdit(useMe())) return <Keys />;
  return (
    <Page title={t('common:error.forbiddenTitle')}>
      <Forbidden title={t('keys.title')} text={t('keys.notYours')} />
    </Page>
  );
}

function Keys() {
  const { t } = useTranslation('api');
  const { data: keys, error, refetch } = useQuery(keysQuery());
  const [filter, setFilter] = useState<Filter>({ kind: 'all', text: '', label: null });
  const [dialog, setDialog] = useState<KeyDialog | null>(null);
  // Typing does not wait for the table.
  const deferred = useDeferredValue(filter);
  const shown = useMemo(() => keys?.filter((key) => matches(key, deferred)) ?? [], [keys, deferred]);
  const create = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDialog({ kind: 'create' })}>
      {t('keys.create')}
    </Button>
  );
  return (
    <Page title={t('keys.title')} text={t('keys.text')} actions={keys && keys.length > 0 && create}>
      {error && <ErrorAlert error={error} onRetry={() => void refetch()} />}
      {!keys && !error && <Skeleton h={240} />}
      {keys?.length === 0 && (
        <EmptyState icon={IconKey} title={t('keys.emptyTitle')} text={t('keys.emptyText')}>
          {create}
        </EmptyState>
      )}
      {keys && keys.length > 0 && (
        <>
          <Filters filter={filter} onChange={setFilter} onLabels={() => setDialog({ kind: 'labels' })} />
          <Paper withBorder>
            <KeyTable keys={shown} list={JSON.stringify(deferred)} withKind onDialog={setDialog} />
            {shown.length === 0 && (
              <Text size="sm" c="dimmed" ta="center" p="lg">
                {t('keys.noMatch')}
              </Text>
            )}
          </Paper>
        </>
      )}
      <KeyDialogs dialog={dialog} appId={null} onClose={() => setDialog(null)} />
    </Page>
  );
}

interface FiltersProps {
  filter: Filter;
  onChange: (filter: Filter) => void;
  onLabels: () => void;
}

function Filters({ filter, onChange, onLabels }: FiltersProps) {
  const { t } = useTranslation('api');
  const { data: labels = [] } = useQuery(keyLabelsQuery);
  return (
    <Group mb="md" gap="sm">
      <SegmentedControl
        aria-label={t('keys.kind')}
        data={(['all', 'app', 'global'] as const).map((value) => ({ value, label: t(`kind.${value}Keys`) }))}
        value={filter.kind}
        onChange={(kind) => onChange({ ...filter, kind })}
      />
      <TextInput
        type="search"
        aria-label={t('keys.search')}
        placeholder={t('keys.search')}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={filter.text}
        onChange={(event) => onChange({ ...filter, text: event.currentTarget.value })}
      />
      {labels.length > 0 && (
        <>
          <Select
            aria-label={t('keys.label')}
            placeholder={t('keys.anyLabel')}
            data={labels.map(({ _id, name }) => ({ value: _id, label: name }))}
            value={filter.label}
            onChange={(label) => onChange({ ...filter, label })}
            clearable
            w={180}
          />
          <Button
            variant="subtle"
            color="gray"
            leftSection={<IconTags size={16} aria-hidden />}
            onClick={onLabels}
          >
            {t('keys.manageLabels')}
          </Button>
        </>
      )}
    </Group>
  );
}
