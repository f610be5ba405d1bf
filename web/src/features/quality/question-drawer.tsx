import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Drawer } from '../../ui/modal.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { mayLose, useUnsavedGuard } from '../data/unsaved.ts';
import { ExpectedPicker } from './expected-picker.tsx';
import type { Expected, SavedQuestion } from './queries.ts';

interface QuestionDrawerProps {
  datasetId: string;
  /** The question to change, or a new one; absent = closed. */
  edited: SavedQuestion | 'new' | undefined;
  onClose: () => void;
}

/** Adds or changes a saved question. */
export function QuestionDrawer({ datasetId, edited, onClose }: QuestionDrawerProps) {
  const { t } = useTranslation(['quality', 'common']);
  // What the form inside says of itself when the drawer is to be closed.
  const dirty = useRef(false);
  return (
    <Drawer
      opened={edited !== undefined}
      onClose={async () => {
        if (await mayLose(dirty.current)) onClose();
      }}
      position="right"
      size="xl"
      title={t(edited === 'new' ? 'questions.addTitle' : 'questions.editTitle')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      {edited && (
        <QuestionForm
          key={edited === 'new' ? 'new' : edited._id}
          datasetId={datasetId}
          {...(edited !== 'new' && { question: edited })}
          onDirty={(now) => {
            dirty.current = now;
          }}
          onClose={onClose}
        />
      )}
    </Drawer>
  );
}

interface QuestionFormProps {
  datasetId: string;
  question?: SavedQuestion;
  onDirty: (dirty: boolean) => void;
  onClose: () => void;
}

function QuestionForm({ datasetId, question, onDirty, onClose }: QuestionFormProps) {
  const { t } = useTranslation(['quality', 'common']);
  const queries = useQueryClient();
  const form = useForm({
    initialValues: {
      question: question?.question ?? '',
      note: question?.note ?? '',
      expected: question?.expected ?? ([] as Expected[]),
    },
    validate: { question: (value) => (value.trim() === '' ? t('common:error.required') : null) },
  });
  const dirty = form.isDirty();
  useEffect(() => onDirty(dirty));
  useUnsavedGuard(dirty);
  const save = useMutation({
    mutationFn: ({ question: words, note, expected }: typeof form.values) => {
      const ids = (kind: Expected['kind']) => expected.filter((one) => one.kind === kind).map(({ id }) => id);
      const body = {
        question: words,
        note,
        expectedDataIds: ids('data'),
        expectedCollectionIds: ids('collection'),
      };
      return question
        ? api.updateSavedQuestion({ id: question._id, ...body })
        : api.createSavedQuestion({ datasetId, ...body });
    },
    onSuccess: async () => {
      form.resetDirty();
      onDirty(false);
      notifyDone(t('common:state.saved'));
      onClose();
      await queries.invalidateQueries({ queryKey: ['quality', 'questions'] });
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack gap="md">
        <Textarea
          label={t('questions.question')}
          description={t('questions.questionText')}
          withAsterisk
          autosize
          minRows={2}
          maxRows={6}
          data-autofocus
          {...form.getInputProps('question')}
        />
        <ExpectedPicker
          datasetId={datasetId}
          question={form.values.question}
          expected={form.values.expected}
          onChange={(expected) => form.setFieldValue('expected', expected)}
        />
        <Textarea
          label={t('questions.note')}
          autosize
          minRows={1}
          maxRows={4}
          {...form.getInputProps('note')}
        />
        {form.values.expected.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('questions.unused')}
          </Text>
        )}
        {save.error && <ErrorAlert error={save.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending}>
            {t('common:action.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
