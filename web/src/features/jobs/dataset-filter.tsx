import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Select } from '../../ui/select.tsx';
import { datasetQuery } from '../datasets/queries.ts';
import { datasetNamesQuery } from './dataset-names.ts';

interface DatasetFilterProps {
  value: string | undefined;
  onChange: (datasetId: string | null) => void;
}

/** Chooses a dataset; what is typed finds those of all folders. */
export function DatasetFilter({ value, onChange }: DatasetFilterProps) {
  const { t } = useTranslation('jobs');
  const [typed, setTyped] = useState('');
  const [find] = useDebouncedValue(typed.trim(), 300);
  const chosen = useQuery({ ...datasetQuery(value ?? ''), enabled: value !== undefined });
  // The name of what is chosen stands in the field as well: it is not what is looked for.
  const wanted = find === chosen.data?.name ? '' : find;
  const found = useQuery({ ...datasetNamesQuery(wanted), placeholderData: keepPreviousData });
  const data = [...(found.data ?? [])];
  if (value && chosen.data && !data.some((each) => each.value === value))
    data.unshift({ value, label: chosen.data.name });
  return (
    <Select
      aria-label={t('filter.dataset')}
      placeholder={t('filter.dataset')}
      clearable
      searchable
      w={{ base: '100%', xs: 240 }}
      value={value ?? null}
      data={data}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={onChange}
    />
  );
}
