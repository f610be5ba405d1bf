import { Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Select } from '../../ui/select.tsx';
import { fullTime } from '../../ui/time-ago.tsx';
import { sideName } from './comparison.ts';
import { OlderEvaluations } from './older-evaluations.tsx';
import type { EvaluationDetail } from './queries.ts';
import { useEvaluations } from './use-evaluations.ts';

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
  const all = useEvaluations(evaluation.datasetId);
  const ofThis = evaluation.settings.map((setting, place) => ({
    value: sideName(evaluation._id, place),
    label: setting.name,
  }));
  // Numbered from the first of all, so that a number stays whatever is read.
  const others = (all.list ?? [])
    .map((one, place) => ({ ...one, number: all.total - place }))
    .filter(({ _id, state }) => state === 'done' && _id !== evaluation._id);
  const groups = [
    { group: t('compare.thisOne'), items: ofThis.filter(({ value }) => value !== a) },
    ...others.map(({ _id, name, createTime, settings, number }) => ({
      group: [`${number}.`, name, fullTime(new Date(createTime))].filter(Boolean).join(' '),
      items: settings.map((setting, place) => ({ value: sideName(_id, place), label: setting.name })),
    })),
  ].filter(({ items }) => items.length > 0);
  if (groups.length === 0 && !all.older.has)
    return (
      <Text size="sm" c="dimmed">
        {t('compare.onlyOne')}
      </Text>
    );
  return (
    <Stack gap="xs">
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
      <OlderEvaluations {...all} />
    </Stack>
  );
}
