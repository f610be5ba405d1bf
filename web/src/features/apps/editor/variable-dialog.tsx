import { NumberInput, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { FormButtons } from '../../../ui/form-buttons.tsx';
import { Modal } from '../../../ui/modal.tsx';
import { Select } from '../../../ui/select.tsx';
import { TagsInput } from '../../../ui/tags-input.tsx';
import type { AppVariable, VariableType } from '../document/settings.ts';

interface VariableDialogProps {
  /** Absent = a new one. */
  variable: AppVariable | undefined;
  /** Keys of the others. */
  taken: string[];
  onStore: (variable: AppVariable) => void;
  onClose: () => void;
}

const types = ['input', 'textarea', 'numberInput', 'select', 'switch'] as const satisfies VariableType[];

const blank: AppVariable = {
  key: '',
  label: '',
  type: 'input',
  required: false,
  description: '',
  defaultValue: '',
  options: [],
  rest: {},
};

/** What a type begins with: a switch is off, all others are empty. */
const emptyOf = (type: VariableType): AppVariable['defaultValue'] => (type === 'switch' ? false : '');

/** One variable: its name in the prompt, its question, its kind. */
export function VariableDialog({ variable, taken, onStore, onClose }: VariableDialogProps) {
  const { t } = useTranslation(['apps', 'common']);
  const form = useForm<AppVariable>({
    initialValues: variable ?? blank,
    validate: {
      key: (key) => {
        if (!/^[A-Za-z_]\w*$/.test(key)) return t('variable.badKey');
        return taken.includes(key) ? t('variable.takenKey') : null;
      },
      options: (options, { type }) =>
        type === 'select' && options.length === 0 ? t('variable.noOptions') : null,
    },
  });
  const { type, options } = form.values;
  // A name for the prompt that follows from the label, where that has letters for one.
  const suggestKey = () => {
    const { key, label } = form.values;
    const suggested = label
      .trim()
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^[\d_]+|_+$/g, '');
    if (key === '' && suggested !== '') form.setFieldValue('key', suggested);
  };
  const changeType = (value: string | null) => {
    const next = types.find((known) => known === value) ?? 'input';
    form.setValues({ type: next, defaultValue: emptyOf(next) });
  };
  return (
    <Modal opened onClose={onClose} title={t(variable ? 'variable.editTitle' : 'variable.addTitle')}>
      <form
        onSubmit={form.onSubmit((values) =>
          onStore({
            ...values,
            label: values.label.trim() || values.key,
            options: type === 'select' ? options : [],
          }),
        )}
      >
        <Stack>
          <TextInput
            label={t('variable.label')}
            description={t('variable.labelHint')}
            maxLength={200}
            data-autofocus
            {...form.getInputProps('label')}
            onBlur={suggestKey}
          />
          <TextInput
            label={t('variable.key')}
            description={t('variable.keyHint')}
            maxLength={100}
            {...form.getInputProps('key')}
          />
          <Select
            label={t('variable.kind')}
            data={types.map((value) => ({ value, label: t(`variable.type.${value}`) }))}
            allowDeselect={false}
            value={type}
            onChange={changeType}
          />
          {type === 'select' && (
            <TagsInput
              label={t('variable.options')}
              description={t('variable.optionsHint')}
              acceptValueOnBlur
              {...form.getInputProps('options')}
            />
          )}
          <DefaultField
            variable={form.values}
            onChange={(value) => form.setFieldValue('defaultValue', value)}
          />
          <Switch
            label={t('variable.required')}
            description={t('variable.requiredHint')}
            {...form.getInputProps('required', { type: 'checkbox' })}
          />
          <FormButtons
            submit={t(variable ? 'variable.apply' : 'common:action.add')}
            busy={false}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}

interface DefaultProps {
  variable: AppVariable;
  onChange: (value: AppVariable['defaultValue']) => void;
}

/** The field of the default, as the kind of the variable has it. */
function DefaultField({ variable, onChange: change }: DefaultProps) {
  const { t } = useTranslation('apps');
  const { type, options, defaultValue } = variable;
  const label = t('variable.default');
  if (type === 'switch')
    return (
      <Switch
        label={label}
        checked={defaultValue === true}
        onChange={(event) => change(event.currentTarget.checked)}
      />
    );
  if (type === 'numberInput')
    return (
      <NumberInput
        label={label}
        value={typeof defaultValue === 'number' ? defaultValue : ''}
        onChange={(value) => change(typeof value === 'number' ? value : '')}
      />
    );
  const text = String(defaultValue);
  if (type === 'select')
    return (
      <Select
        label={label}
        data={options}
        clearable
        value={options.includes(text) ? text : null}
        onChange={(value) => change(value ?? '')}
      />
    );
  const Field = type === 'textarea' ? Textarea : TextInput;
  return <Field label={label} value={text} onChange={(event) => change(event.currentTarget.value)} />;
}
