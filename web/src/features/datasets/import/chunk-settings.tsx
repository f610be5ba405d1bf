import { Box, Collapse, SegmentedControl, Stack, Switch, Text, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, type ReactNode, Suspense, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { FoldButton } from '../../../ui/fold-button.tsx';
import { Loading } from '../../../ui/loading.tsx';
import type { ChunkParams } from '../queries.ts';
import { useAbilities } from './abilities.ts';

const CustomChunks = lazy(async () => ({ default: (await import('./custom-chunks.tsx')).CustomChunks }));

export interface ParamsProps {
  params: ChunkParams;
  onChange: (params: ChunkParams) => void;
}

/** How a document becomes passages: every parameter, in plain words. */
export function ChunkSettings({
  params,
  onChange,
  withTraining = true,
}: ParamsProps & { withTraining?: boolean }) {
  const { t } = useTranslation('datasets');
  const isCustom = params.chunkSettingMode === 'custom';
  return (
    <Stack gap="md">
      {withTraining && <TrainingMode params={params} onChange={onChange} />}
      <Stack gap={6}>
        <Text size="sm" fw={500}>
          {t('chunk.cut')}
        </Text>
        <SegmentedControl
          aria-label={t('chunk.cut')}
          value={isCustom ? 'custom' : 'auto'}
          data={[
            { value: 'auto', label: t('chunk.auto') },
            { value: 'custom', label: t('chunk.custom') },
          ]}
          onChange={(value) => onChange({ ...params, chunkSettingMode: value as 'auto' | 'custom' })}
        />
        {!isCustom && (
          <Text size="sm" c="dimmed">
            {t('chunk.autoAbout')}
          </Text>
        )}
      </Stack>
      {isCustom && (
        <Suspense fallback={<Loading />}>
          <CustomChunks params={params} onChange={onChange} />
        </Suspense>
      )}
      <Folded label={t('chunk.models')}>
        <ModelHelp params={params} onChange={onChange} />
      </Folded>
      <Folded label={t('chunk.reading')}>
        <Reading params={params} onChange={onChange} />
      </Folded>
    </Stack>
  );
}

function Folded({ label, children }: { label: string; children: ReactNode }) {
  const id = useId();
  const [opened, { toggle }] = useDisclosure(false);
  return (
    <div>
      <FoldButton opened={opened} onClick={toggle} controls={id}>
        {label}
      </FoldButton>
      <Collapse expanded={opened} id={id}>
        <Box pt="sm">{children}</Box>
      </Collapse>
    </div>
  );
}

function TrainingMode({ params, onChange }: ParamsProps) {
  const { t } = useTranslation('datasets');
  const { language } = useAbilities();
  const isQa = params.trainingType === 'qa';
  return (
    <Stack gap={6}>
      <Text size="sm" fw={500}>
        {t('chunk.training')}
      </Text>
      <SegmentedControl
        aria-label={t('chunk.training')}
        value={isQa ? 'qa' : 'chunk'}
        data={[
          { value: 'chunk', label: t('chunk.passages') },
          { value: 'qa', label: t('chunk.qa'), disabled: !language && !isQa },
        ]}
        onChange={(value) => onChange({ ...params, trainingType: value as 'chunk' | 'qa' })}
      />
      <Text size="sm" c="dimmed">
        {t(isQa ? 'chunk.qaAbout' : 'chunk.passagesAbout')}
        {!language && ` ${t('chunk.qaNeeds')}`}
      </Text>
      {isQa && (
        <Textarea
          label={t('chunk.qaPrompt')}
          description={t('chunk.qaPromptAbout')}
          autosize
          minRows={2}
          maxRows={8}
          value={params.qaPrompt ?? ''}
          onChange={(event) => onChange({ ...params, qaPrompt: event.currentTarget.value })}
        />
      )}
    </Stack>
  );
}

function ModelHelp({ params, onChange }: ParamsProps) {
  const { t } = useTranslation('datasets');
  const { language, vision } = useAbilities();
  return (
    <Stack gap="sm">
      <Switch
        label={t('chunk.autoIndexes')}
        description={language ? t('chunk.autoIndexesAbout') : t('chunk.needsLanguage')}
        disabled={!language && !params.autoIndexes}
        checked={params.autoIndexes ?? false}
        onChange={(event) => onChange({ ...params, autoIndexes: event.currentTarget.checked })}
      />
      <Switch
        label={t('chunk.imageIndex')}
        description={vision ? t('chunk.imageIndexAbout') : t('chunk.needsVision')}
        disabled={!vision && !params.imageIndex}
        checked={params.imageIndex ?? false}
        onChange={(event) => onChange({ ...params, imageIndex: event.currentTarget.checked })}
      />
    </Stack>
  );
}

function Reading({ params, onChange }: ParamsProps) {
  const { t } = useTranslation('datasets');
  const prefix = params.indexPrefixTitle;
  return (
    <Stack gap="md">
      <Stack gap={6}>
        <Text size="sm" fw={500}>
          {t('chunk.ocr')}
        </Text>
        <SegmentedControl
          aria-label={t('chunk.ocr')}
          value={params.ocr ?? 'auto'}
          data={(['auto', 'force', 'off'] as const).map((value) => ({
            value,
            label: t(`chunk.ocrMode.${value}`),
          }))}
          onChange={(value) => onChange({ ...params, ocr: value as 'auto' | 'force' | 'off' })}
        />
        <Text size="xs" c="dimmed">
          {t('chunk.ocrAbout')}
        </Text>
      </Stack>
      <Stack gap={6}>
        <Text size="sm" fw={500}>
          {t('chunk.title')}
        </Text>
        <SegmentedControl
          aria-label={t('chunk.title')}
          value={prefix === undefined ? 'default' : prefix ? 'all' : 'none'}
          data={(['default', 'all', 'none'] as const).map((value) => ({
            value,
            label: t(`chunk.titleIn.${value}`),
          }))}
          onChange={(value) => {
            const { indexPrefixTitle: _, ...rest } = params;
            onChange(value === 'default' ? rest : { ...rest, indexPrefixTitle: value === 'all' });
          }}
        />
        <Text size="xs" c="dimmed">
          {t('chunk.titleAbout')}
        </Text>
      </Stack>
    </Stack>
  );
}
