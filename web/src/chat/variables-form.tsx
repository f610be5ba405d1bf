import type { ChatVariable } from '@lectern/contract/workflow.ts';
import { Card, NumberInput, Stack, Switch, Textarea, TextInput, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { MultiSelect } from '../ui/multi-select.tsx';
import { Select } from '../ui/select.tsx';
import type { Variables } from './conversation/use-variables.ts';

/** The form of what an app asks before a chat begins. */
export function VariablesForm({ variables }: { variables: Variables }) {
  const { t } = useTranslation('chat');
  return (
    <Card withBorder w="100%" maw={520} mx="auto" ta="start">
      <Stack gap="sm">
        <Title order={2} size="h5">
          {t('variables.title')}
        </Title>
        {variables.asked.map((variable) => (
          <Field
            key={variable.key}
            variable={variable}
            value={variables.values[variable.key]}
            onChange={(value) => variables.set(variable.key, value)}
          />
        ))}
      </Stack>
    </Card>
  );
}

interface FieldProps {
  variable: ChatVariable;
  value: unknown;
  onChange: (value: unknown) => void;
}

interface Option {
  label?: string;
  value: string;
}

function optionsOf(variable: ChatVariable): { label: string; value: string }[] {
  const lists = [variable.list, variable.enums].filter(Array.isArray) as Option[][];
  return lists.flat().map(({ label, value }) => ({ value: String(value), label: label || String(value) }));
}

function Field({ variable, value, onChange }: FieldProps) {
  const { t } = useTranslation('chat');
  const common = {
    label: variable.label || variable.key,
    withAsterisk: variable.required === true,
    ...(typeof variable.description === 'string' &&
      variable.description && { description: variable.description }),
  };
  const text = typeof value === 'string' ? value : value === undefined ? '' : String(value);
  switch (variable.type) {
    case 'textarea':
      return (
        <Textarea
          {...common}
          autosize
          minRows={2}
          maxRows={8}
          value={text}
          onChange={(e) => onChange(e.currentTarget.value)}
        />
      );
    case 'numberInput':
      return <NumberInput {...common} value={text} onChange={(number) => onChange(number)} />;
    case 'switch':
      return (
        <Switch
          label={common.label}
          checked={value === true}
          onChange={(e) => onChange(e.currentTarget.checked)}
        />
      );
    case 'select':
      return (
        <Select
          {...common}
          data={optionsOf(variable)}
          value={text || null}
          placeholder={t('variables.choose')}
          onChange={(chosen) => onChange(chosen ?? '')}
        />
      );
    case 'multipleSelect':
      return (
        <MultiSelect
          {...common}
          data={optionsOf(variable)}
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={onChange}
        />
      );
    default:
      return (
        <TextInput
          {...common}
          type={variable.type === 'password' ? 'password' : 'text'}
          maxLength={typeof variable.maxLength === 'number' ? variable.maxLength : undefined}
          value={text}
          onChange={(e) => onChange(e.currentTarget.value)}
        />
      );
  }
}
