import { Button, Group, NumberInput, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Answer, api } from '../../../api/client.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { Loading } from '../../../ui/loading.tsx';
import { MultiSelect } from '../../../ui/multi-select.tsx';
import { type Model, modelDetailQuery } from '../queries.ts';
import { ModelHealth } from './model-health.tsx';
import { useModelsChange } from './use-models-change.ts';

type Detail = Answer<'getModelDetail'>;
const roles = ['owner', 'admin', 'editor', 'viewer'] as const;

/** What is known of a model and who may use it. */
export function ModelForm({ item, onDone }: { item: Model; onDone: () => void }) {
  const { data, error } = useQuery(modelDetailQuery(item.model));
  if (error) return <ErrorAlert error={error} />;
  if (!data) return <Loading />;
  return <Fields detail={data} onDone={onDone} />;
}

function Fields({ detail, onDone }: { detail: Detail; onDone: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const { model, type } = detail;
  const form = useForm({
    initialValues: {
      name: detail.name,
      isActive: detail.isActive,
      maxContext: detail.maxContext ?? '',
      maxResponse: detail.maxResponse ?? '',
      maxToken: detail.maxToken ?? '',
      vision: detail.vision ?? false,
      toolChoice: detail.toolChoice ?? false,
      reasoning: detail.reasoning ?? false,
      inputPrice: detail.inputPrice as number | string,
      outputPrice: detail.outputPrice as number | string,
      roles: detail.access?.roles ?? [],
    },
  });
  const save = useModelsChange((values: typeof form.values) => {
    const { roles: chosen, ...rest } = values;
    const { maxContext, maxResponse, maxToken, inputPrice, outputPrice, ...plain } = rest;
    const numbers = { maxContext, maxResponse, maxToken, inputPrice, outputPrice };
    // Members and teams that somebody named by the API stay as they are.
    const { members = [], teams = [] } = detail.access ?? {};
    const open = chosen.length === 0 && members?.length === 0 && teams?.length === 0;
    return api.saveModel({
      model,
      metadata: {
        ...plain,
        type,
        ...numbersOf(numbers),
        access: open ? null : { roles: chosen, members, teams },
      },
    });
  }, onDone);
  const chat = type === 'llm';
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack>
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {model}
        </Text>
        <TextInput label={t('models.shownName')} maxLength={200} {...form.getInputProps('name')} />
        <Switch
          label={t('models.active')}
          description={t('models.activeText')}
          {...form.getInputProps('isActive', { type: 'checkbox' })}
        />
        {chat ? (
          <>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <NumberInput
                label={t('models.maxContext')}
                min={1}
                thousandSeparator
                placeholder={detail.contextToken === undefined ? '' : formatNumber(detail.contextToken)}
                {...form.getInputProps('maxContext')}
              />
              <NumberInput
                label={t('models.maxResponse')}
                min={1}
                thousandSeparator
                {...form.getInputProps('maxResponse')}
              />
            </SimpleGrid>
            <Stack gap="xs">
              <Switch
                label={t('models.toolChoice')}
                {...form.getInputProps('toolChoice', { type: 'checkbox' })}
              />
              <Switch label={t('models.vision')} {...form.getInputProps('vision', { type: 'checkbox' })} />
              <Switch
                label={t('models.reasoning')}
                {...form.getInputProps('reasoning', { type: 'checkbox' })}
              />
            </Stack>
          </>
        ) : (
          <NumberInput
            label={t('models.maxToken')}
            min={1}
            thousandSeparator
            {...form.getInputProps('maxToken')}
          />
        )}
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <NumberInput
            label={t('models.inputPrice')}
            description={t('models.priceText')}
            min={0}
            decimalScale={6}
            {...form.getInputProps('inputPrice')}
          />
          <NumberInput
            label={t('models.outputPrice')}
            description={t('models.priceText')}
            min={0}
            decimalScale={6}
            {...form.getInputProps('outputPrice')}
          />
        </SimpleGrid>
        <MultiSelect
          label={t('models.access')}
          description={t('models.accessText')}
          placeholder={form.values.roles.length === 0 ? t('models.everybody') : ''}
          data={roles.map((role) => ({ value: role, label: t(`common:role.${role}`) }))}
          {...form.getInputProps('roles')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t('common:action.save')}
          </Button>
        </Group>
        <Text fw={600} mt="md">
          {t('models.healthTitle')}
        </Text>
        <ModelHealth hours={168} model={model} />
      </Stack>
    </form>
  );
}

/** The numbers that were filled in, and which are to be unknown because their field is empty. */
function numbersOf<K extends string>(
  fields: Record<K, number | string>,
): Partial<Record<K, number>> & { clear: K[] } {
  const entries = Object.entries(fields) as [K, number | string][];
  const given = entries.filter(([, value]) => typeof value === 'number');
  const clear = entries.flatMap(([name, value]) => (value === '' ? [name] : []));
  return { ...(Object.fromEntries(given) as Partial<Record<K, number>>), clear };
}
