import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Drawer } from '../../ui/modal.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { mayLose, useUnsavedGuard } from './unsaved.ts';

/** Adds a passage, or a question with its answer, to a collection. */
export function AddItemDrawer(props: { collectionId: string; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation(['data', 'common']);
  const queries = useQueryClient();
  const form = useForm({
    initialValues: { q: '', a: '', indexes: '' },
    validate: { q: (value) => (value.trim() === '' ? t('common:error.required') : null) },
  });
  useUnsavedGuard(props.opened && form.isDirty());
  const close = async () => {
    if (!(await mayLose(form.isDirty()))) return;
    form.reset();
    props.onClose();
  };
  const add = useMutation({
    mutationFn: ({ q, a, indexes }: typeof form.values) =>
      api.insertData({
        collectionId: props.collectionId,
        q,
        a,
        indexes: indexes
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map((text) => ({ text: text.trim() })),
      }),
    onSuccess: async () => {
      form.reset();
      props.onClose();
      notifyDone(t('add.done'));
      await queries.invalidateQueries({ queryKey: ['data'] });
    },
  });
  return (
    <Drawer
      opened={props.opened}
      onClose={() => void close()}
      position="right"
      size="lg"
      title={t('add.title')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form onSubmit={form.onSubmit((values) => add.mutate(values))}>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {t('add.text')}
          </Text>
          <Textarea
            label={t('add.q')}
            withAsterisk
            autosize
            minRows={5}
            maxRows={18}
            data-autofocus
            {...form.getInputProps('q')}
          />
          <Textarea
            label={t('add.a')}
            description={t('add.aHint')}
            autosize
            minRows={3}
            maxRows={12}
            {...form.getInputProps('a')}
          />
          <Textarea
            label={t('add.indexes')}
            description={t('add.indexesHint')}
            autosize
            minRows={2}
            maxRows={8}
            {...form.getInputProps('indexes')}
          />
          {add.error && <ErrorAlert error={add.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => void close()}>
              {t('common:action.cancel')}
            </Button>
            <Button type="submit" loading={add.isPending}>
              {t('common:action.add')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Drawer>
  );
}
