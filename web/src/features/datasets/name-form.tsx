import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { modals } from '../../ui/modals.ts';

interface NameFormProps {
  label: string;
  initial: string;
  submit: string;
  onSubmit: (name: string) => Promise<unknown>;
  onDone: () => void;
}

/** What a dialog that asks for a name is told. */
export type AskName = Omit<NameFormProps, 'onDone'> & { title: string };

function NameForm({ label, initial, submit, onSubmit, onDone }: NameFormProps) {
  const { t } = useTranslation('common');
  const form = useForm({
    initialValues: { name: initial },
    validate: { name: (name) => (name.trim() === '' ? t('error.required') : null) },
  });
  const save = useMutation({ mutationFn: (name: string) => onSubmit(name), onSuccess: onDone });
  return (
    <form onSubmit={form.onSubmit(({ name }) => save.mutate(name.trim()))}>
      <Stack>
        <TextInput label={label} data-autofocus maxLength={200} {...form.getInputProps('name')} />
        {save.error && <ErrorAlert error={save.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Asks for a name in a dialog, which stays open and says why when it is refused. */
export function askName(props: AskName): void {
  const id = modals.open({
    title: props.title,
    children: <NameForm {...props} onDone={() => modals.close(id)} />,
  });
}
