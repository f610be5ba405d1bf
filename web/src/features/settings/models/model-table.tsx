import { Badge, Group, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Choice } from '../../../ui/choice.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { TableScroll } from '../../../ui/table-scroll.tsx';
import { usePhone } from '../../../ui/use-phone.ts';
import { type Model, modelHealthQuery } from '../queries.ts';
import { hourBars } from './health-bars.ts';
import { HealthChart } from './health-chart.tsx';
import { ModelActions } from './model-actions.tsx';

const types = ['llm', 'embedding', 'rerank', 'tts', 'stt'] as const;
const back = 24;

/** The models of one type after the other, with how each did in the last day. */
export function ModelTable({ models }: { models: Model[] }) {
  const { t } = useTranslation('settings');
  const phone = usePhone();
  const [type, setType] = useState<'all' | (typeof types)[number]>('all');
  const present = types.filter((one) => models.some((model) => model.type === one));
  const shown = type === 'all' ? models : models.filter((model) => model.type === type);
  return (
    <Stack>
      {present.length > 1 && (
        <Choice
          label={t('models.type')}
          data={[
            { value: 'all' as const, label: t('models.all') },
            ...present.map((one) => ({ value: one, label: t(`models.types.${one}`) })),
          ]}
          value={type}
          onChange={setType}
        />
      )}
      <TableScroll minWidth={phone ? 0 : 840}>
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('models.name')}</Table.Th>
              <Table.Th visibleFrom="sm">{t('models.type')}</Table.Th>
              <Table.Th visibleFrom="sm">{t('models.channels')}</Table.Th>
              <Table.Th ta="right" visibleFrom="sm">
                {t('models.context')}
              </Table.Th>
              <Table.Th ta="right" visibleFrom="sm">
                {t('models.price')}
              </Table.Th>
              <Table.Th visibleFrom="sm">{t('models.health')}</Table.Th>
              <Table.Th aria-label={t('models.actions')} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((model) => (
              <ModelRow key={`${model.source} ${model.model}`} model={model} />
            ))}
          </Table.Tbody>
        </Table>
      </TableScroll>
    </Stack>
  );
}

function ModelRow({ model }: { model: Model }) {
  const { t } = useTranslation('settings');
  const served =
    model.source === 'store'
      ? model.channels.join(', ') || t('models.noChannel')
      : t(`models.source.${model.source}`);
  const priced = model.inputPrice > 0 || model.outputPrice > 0;
  return (
    <Table.Tr style={model.isActive ? undefined : { opacity: 0.6 }}>
      <Table.Td maw={{ base: 0, sm: 260 }} w={{ base: '100%', sm: 'auto' }}>
        <Group gap={6} wrap="nowrap">
          <Text size="sm" fw={500} truncate title={model.name}>
            {model.source === 'builtin' ? t('models.builtin') : model.name}
          </Text>
          {model.isDefault && (
            <Badge size="sm" variant="light" style={{ flexShrink: 0 }}>
              {t('models.default')}
            </Badge>
          )}
          {!model.isActive && (
            <Badge size="sm" variant="light" color="gray" style={{ flexShrink: 0 }}>
              {t('models.inactive')}
            </Badge>
          )}
        </Group>
        <Text size="xs" c="dimmed" truncate title={model.model}>
          {model.model}
        </Text>
        <Text size="xs" c="dimmed" truncate hiddenFrom="sm">
          {t(`models.types.${model.type}`)} · {served}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm" style={{ whiteSpace: 'nowrap' }}>
        {t(`models.types.${model.type}`)}
      </Table.Td>
      <Table.Td maw={200} visibleFrom="sm">
        <Text size="sm" truncate title={served}>
          {served}
        </Text>
      </Table.Td>
      <Table.Td ta="right" visibleFrom="sm">
        {model.contextToken ? formatNumber(model.contextToken) : '–'}
      </Table.Td>
      <Table.Td ta="right" visibleFrom="sm" style={{ whiteSpace: 'nowrap' }}>
        {priced ? `${formatNumber(model.inputPrice, 4)} / ${formatNumber(model.outputPrice, 4)}` : '–'}
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <DayOf model={model.model} />
      </Table.Td>
      <Table.Td>{model.source !== 'builtin' && <ModelActions model={model} />}</Table.Td>
    </Table.Tr>
  );
}

/** The last day of a model over all of its channels; read once for the whole table. */
function DayOf({ model }: { model: string }) {
  const { data } = useQuery(modelHealthQuery(back));
  const hours = (data ?? []).filter((one) => one.model === model).flatMap((one) => one.hours);
  return hours.length === 0 ? <Text size="sm">–</Text> : <HealthChart bars={hourBars(hours, back)} />;
}
