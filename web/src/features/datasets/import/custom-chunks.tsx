import { NumberInput, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Select } from '../../../ui/select.tsx';
import type { ChunkParams } from '../queries.ts';
import type { ParamsProps } from './chunk-settings.tsx';

type NumberName =
  | 'chunkSize'
  | 'chunkTriggerMinSize'
  | 'paragraphChunkDeep'
  | 'paragraphChunkMinSize'
  | 'indexSize';

interface NumberFieldProps extends ParamsProps {
  name: NumberName;
  min: number;
  max: number;
  /** What counts while the field is empty. */
  standard?: number;
}

function NumberField({ params, onChange, name, min, max, standard }: NumberFieldProps) {
  const { t } = useTranslation('datasets');
  return (
    <NumberInput
      label={t(`chunk.${name}`)}
      description={t(`chunk.${name}About`)}
      min={min}
      max={max}
      allowDecimal={false}
      placeholder={standard === undefined ? '' : String(standard)}
      value={params[name] ?? ''}
      onChange={(value) => {
        const { [name]: _, ...rest } = params;
        onChange(typeof value === 'number' ? { ...rest, [name]: value } : rest);
      }}
    />
  );
}

/** The parameters of custom mode; those that the way of cutting does not use are not shown. */
export function CustomChunks({ params, onChange }: ParamsProps) {
  const { t } = useTranslation('datasets');
  const mode = params.chunkSplitMode ?? 'paragraph';
  const trigger = params.chunkTriggerType ?? 'minSize';
  const change = (next: Partial<ChunkParams>) => onChange({ ...params, ...next });
  const both = { params, onChange };
  return (
    <Stack gap="md">
      <Select
        label={t('chunk.splitMode')}
        description={t(`chunk.splitModeAbout.${mode}`)}
        allowDeselect={false}
        value={mode}
        data={(['paragraph', 'size', 'char'] as const).map((value) => ({
          value,
          label: t(`chunk.splitBy.${value}`),
        }))}
        onChange={(value) => change({ chunkSplitMode: value as typeof mode })}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: 'end' }}>
        <NumberField {...both} name="chunkSize" min={64} max={100_000} standard={512} />
        <NumberInput
          label={t('chunk.overlap')}
          description={t('chunk.overlapAbout')}
          min={0}
          max={50}
          suffix=" %"
          placeholder="20 %"
          value={typeof params.overlapRatio === 'number' ? Math.round(params.overlapRatio * 100) : ''}
          onChange={(value) => {
            const { overlapRatio: _, ...rest } = params;
            onChange(typeof value === 'number' ? { ...rest, overlapRatio: value / 100 } : rest);
          }}
        />
      </SimpleGrid>
      {mode === 'paragraph' && <ParagraphFields {...both} />}
      {mode !== 'size' && (
        <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: 'end' }}>
          <TextInput
            label={t('chunk.splitter')}
            description={t('chunk.splitterAbout')}
            placeholder="---|\n\n\n"
            value={params.chunkSplitter ?? ''}
            onChange={(event) => change({ chunkSplitter: event.currentTarget.value })}
          />
          <TextInput
            label={t('chunk.regex')}
            description={t('chunk.regexAbout')}
            placeholder="\n(§ \d+)"
            value={params.chunkSplitterRegex ?? ''}
            onChange={(event) => change({ chunkSplitterRegex: event.currentTarget.value })}
          />
        </SimpleGrid>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: 'end' }}>
        <Select
          label={t('chunk.trigger')}
          description={t('chunk.triggerAbout')}
          allowDeselect={false}
          value={trigger}
          data={(['minSize', 'maxSize', 'forceChunk'] as const).map((value) => ({
            value,
            label: t(`chunk.triggerType.${value}`),
          }))}
          onChange={(value) => change({ chunkTriggerType: value as typeof trigger })}
        />
        {trigger === 'minSize' && (
          <NumberField {...both} name="chunkTriggerMinSize" min={0} max={1_000_000} standard={512} />
        )}
      </SimpleGrid>
      <NumberField {...both} name="indexSize" min={64} max={100_000} />
    </Stack>
  );
}

function ParagraphFields({ params, onChange }: ParamsProps) {
  const { t } = useTranslation('datasets');
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: 'end' }}>
        <NumberField
          params={params}
          onChange={onChange}
          name="paragraphChunkDeep"
          min={0}
          max={8}
          standard={5}
        />
        <NumberField
          params={params}
          onChange={onChange}
          name="paragraphChunkMinSize"
          min={0}
          max={100_000}
          standard={0}
        />
      </SimpleGrid>
      <Select
        label={t('chunk.headings')}
        description={t('chunk.headingsAbout')}
        allowDeselect={false}
        value={params.paragraphChunkAIMode ?? 'forbid'}
        data={(['forbid', 'auto', 'force'] as const).map((value) => ({
          value,
          label: t(`chunk.headingsMode.${value}`),
        }))}
        onChange={(value) =>
          onChange({ ...params, paragraphChunkAIMode: value as 'forbid' | 'auto' | 'force' })
        }
      />
    </>
  );
}
