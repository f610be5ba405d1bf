import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Select } from '../../ui/select.tsx';
import { fullTime } from '../../ui/time-ago.tsx';
import { sideName } from './comparison.ts';
import { type EvaluationDetail, evaluationsQuery } from './queries.ts';

interface CompareWithProps {
  evaluation: EvaluationDetail;
  /** As {@link sideName} writes them; B is absent where nothing is compared. */
  a: string;
  b: string | undefined;
  onChange: (sides: { a: string; b: string | undefined }) => void;
}

/** Chooses what is compared: a setting of this evaluation, with another one of it or with an earlier or later evaluation. */
export function CompareWith({ evaluation, a, b, onChange }: CompareWithProps) {
  const { t } = useTranslation('quality');
  const { data: all } = useQuery(evaluationsQuery(evaluation.datasetId));
  const ofThis = evaluation.settings.map((setting, place) => ({
    value: sideName(evaluation._id, place),
    label: setting.name,
  }));
  const others = (all?.list ?? []).filter(({ _id, state }) => state === 'done' && _id !== evaluation._id);
  const groups = [
    { group: t('compare.thisOne'), items: ofThis.filter(({ value }) => value !== a) },
    ...others.map(({ _id, name, createTime, settings }, place) => ({
      group: [`${others.length - place}.`, name, fullTime(new Date(createTime))].filter(Boolean).join(' '),
      items: settings.map((setting, place) => ({ value: sideName(_id, place), label: setting.name })),
    })),
  ].filter(({ items }) => items.length > 0);
  if (groups.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('compare.onlyOne')}
      </Text>
    );
  return (
    <Group gap="sm" grow preventGrowOverflow={false} align="flex-end">
      {ofThis.length > 1 && (
        <Select
          label={t('compare.sideA')}
          data={ofThis}
          value={a}
          allowDeselect={false}
          miw={200}
          onChange={(value) => value && onChange({ a: value, b: value === b ? a : b })}
        />
      )}
      <Select
        label={ofThis.length > 1 ? t('compare.sideB') : t('compare.with')}
        placeholder={t('compare.choose')}
        data={groups}
        value={b ?? null}
        clearable={ofThis.length === 1}
        allowDeselect={ofThis.length === 1}
        miw={200}
        onChange={(value) => onChange({ a, b: value ?? undefined })}
      />
    </Group>
  );
}
