import { Collapse, Group, Paper, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAdjustmentsHorizontal, IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber, formatPercent } from '../../ui/format.ts';
import { Loading } from '../../ui/loading.tsx';
import { useOnceTrue } from '../../ui/use-once-true.ts';
import { possible, type SearchAbilities, type SearchSettings } from './settings.ts';
import type { SearchModels } from './settings-form.tsx';

const SettingsForm = lazy(async () => ({ default: (await import('./settings-form.tsx')).SettingsForm }));

interface PanelProps {
  datasetId: string;
  title: string;
  settings: SearchSettings;
  can: SearchAbilities;
  models: SearchModels;
  filter?: boolean;
  /** Whether the form is shown from the beginning. */
  open?: boolean;
  onChange: (settings: SearchSettings) => void;
}

/** The settings in one line; the form unfolds below it. */
export function SettingsPanel({ title, open = false, ...form }: PanelProps) {
  const { t } = useTranslation('search');
  const [opened, { toggle }] = useDisclosure(open);
  // Kept once it is there, so that it can fold away.
  const needed = useOnceTrue(opened);
  const Chevron = opened ? IconChevronUp : IconChevronDown;
  return (
    <Paper withBorder p="sm">
      <UnstyledButton display="block" w="100%" onClick={toggle} aria-expanded={opened}>
        <Group gap="xs" wrap="nowrap">
          <IconAdjustmentsHorizontal size={18} stroke={1.6} aria-hidden style={{ flexShrink: 0 }} />
          <Text size="sm" fw={600} style={{ whiteSpace: 'nowrap' }}>
            {title}
          </Text>
          <Text size="sm" c="dimmed" flex={1} truncate={!opened}>
            {settingsLine(t, possible(form.settings, form.can))}
          </Text>
          <Chevron size={16} aria-hidden style={{ flexShrink: 0 }} />
        </Group>
      </UnstyledButton>
      <Collapse expanded={opened}>
        <div style={{ paddingTop: 16 }}>
          {needed && (
            <Suspense fallback={<Loading />}>
              <SettingsForm {...form} />
            </Suspense>
          )}
        </div>
      </Collapse>
    </Paper>
  );
}

/** The settings in a few words: “Both, meaning 50 % · 5,000 tokens”. */
export function settingsLine(t: TFunction<'search'>, settings: SearchSettings): string {
  const filtered = settings.tags.length + settings.collectionIds.length;
  return [
    t(`mode.${settings.mode}`),
    settings.mode === 'mixedRecall' ? t('line.weight', { meaning: formatPercent(settings.weight) }) : '',
    t('line.limit', { count: settings.limit, number: formatNumber(settings.limit) }),
    settings.similarity > 0 ? t('line.similarity', { least: formatNumber(settings.similarity, 2) }) : '',
    settings.rerank ? t('line.rerank') : '',
    settings.extension ? t('line.extension') : '',
    filtered > 0 ? t('line.filtered') : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
