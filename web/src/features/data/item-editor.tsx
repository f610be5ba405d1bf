import { Alert, Button, Group, Image, SegmentedControl, Stack, Text, Textarea } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { ChangedMeanwhile, saveUnlessChanged } from '../../api/save-unless-changed.ts';
import { ChangedDialog } from '../../ui/changed-dialog.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { formatNumber } from '../../ui/format.ts';
import { notifyDone } from '../../ui/notify.ts';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { Passage } from './passage.tsx';
import { withAddresses, withReferences } from './picture-references.ts';
import { type Item, itemQuery } from './queries.ts';
import { mayLose, useUnsavedGuard } from './unsaved.ts';

/** The text of an item, to read or to correct. */
export function ItemEditor({ item }: { item: Item }) {
  const { t } = useTranslation('data');
  return (
    <Stack gap="md">
      {item.imagePreviewUrl && (
        <Image src={item.imagePreviewUrl} alt={item.q} mah={320} fit="contain" radius="md" />
      )}
      {item.canWrite ? <EditorForm item={item} /> : <Passage q={item.q} a={item.a} />}
      <Text size="xs" c="dimmed">
        {t('item.tokens', { count: item.tokens, number: formatNumber(item.tokens) })} · {t('item.changed')}{' '}
        <TimeAgo time={item.updateTime} />
      </Text>
    </Stack>
  );
}

interface Texts {
  q: string;
  a: string;
}

/** What is edited: with short references in the place of addresses that differ with every answer. */
const textsOf = ({ q, a }: Texts): Texts => ({ q: withReferences(q), a: withReferences(a) });

/** The other way round, to be shown. */
const shownOf = ({ q, a }: Texts, item: Item): Texts => {
  const stored = `${item.q}\n${item.a}`;
  return { q: withAddresses(q, stored), a: withAddresses(a, stored) };
};

interface SaveOrder {
  values: Texts;
  /** What it may take the place of. */
  over: Item;
}

function EditorForm({ item }: { item: Item }) {
  const { t } = useTranslation(['data', 'common']);
  const queries = useQueryClient();
  const [view, setView] = useState('edit');
  // What is being changed: what others store meanwhile must not get into it unseen.
  const [base, setBase] = useState(item);
  const form = useForm({
    initialValues: textsOf(item),
    validate: { q: (value) => (value.trim() === '' ? t('common:error.required') : null) },
  });
  const dirty = form.isDirty();
  useUnsavedGuard(dirty);
  const show = (shown: Item) => {
    setBase(shown);
    form.setInitialValues(textsOf(shown));
    form.setValues(textsOf(shown));
  };
  // An earlier version that was taken back, or somebody else's change; what is being written here stays.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what the server says is news
  useEffect(() => {
    if (!dirty) show(item);
  }, [item, dirty]);
  const { queryKey } = itemQuery(item.id);
  const save = useMutation({
    mutationFn: ({ values, over }: SaveOrder) =>
      saveUnlessChanged({
        base: over,
        read: () => api.getData({ id: item.id }),
        isSame: (a, b) => JSON.stringify(textsOf(a)) === JSON.stringify(textsOf(b)),
        write: (ifUpdateTime) => api.updateData({ dataId: item.id, ...values, ifUpdateTime }),
      }),
    onSuccess: async (_, { values, over }) => {
      const sent = { ...over, ...values };
      queries.setQueryData(queryKey, sent);
      setBase(sent);
      form.setInitialValues(values);
      form.resetDirty(values);
      notifyDone(t('common:state.saved'));
      await Promise.all([
        queries.invalidateQueries({ queryKey }),
        queries.invalidateQueries({ queryKey: ['data', 'items', item.collectionId] }),
      ]);
    },
  });
  const changed = save.error instanceof ChangedMeanwhile ? (save.error as ChangedMeanwhile<Item>) : null;
  const revert = async () => {
    if (await mayLose(true)) form.reset();
  };
  const takeTheirs = () => {
    if (!changed) return;
    save.reset();
    queries.setQueryData(queryKey, changed.theirs);
    show(changed.theirs);
  };
  const keepMine = () => {
    if (changed) save.mutate({ values: form.getValues(), over: changed.theirs });
  };
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate({ values, over: base }))}>
      <ChangedDialog theirs={changed?.theirs} onTheirs={takeTheirs} onMine={keepMine} onClose={save.reset} />
      <Stack gap="sm">
        <SegmentedControl
          size="xs"
          value={view}
          onChange={setView}
          aria-label={t('field.view')}
          style={{ alignSelf: 'flex-end' }}
          data={[
            { value: 'edit', label: t('common:action.edit') },
            { value: 'preview', label: t('field.preview') },
          ]}
        />
        {view === 'preview' ? (
          <Passage {...(dirty ? shownOf(form.values, item) : item)} />
        ) : (
          <Fields form={form} hasAnswer={item.a !== ''} />
        )}
        {save.error && !changed && <ErrorAlert error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending} disabled={!dirty}>
            {t('common:action.save')}
          </Button>
          {dirty && (
            <Button variant="subtle" color="gray" onClick={revert}>
              {t('field.revert')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

interface FieldsProps {
  form: UseFormReturnType<Texts>;
  /** Whether it is a question with an answer already. */
  hasAnswer: boolean;
}

function Fields({ form, hasAnswer }: FieldsProps) {
  const { t } = useTranslation('data');
  const [asked, ask] = useState(false);
  const answerShown = asked || hasAnswer || form.values.a !== '';
  return (
    <>
      <Textarea
        label={t(answerShown ? 'field.question' : 'field.text')}
        autosize
        minRows={6}
        maxRows={24}
        resize="vertical"
        {...form.getInputProps('q')}
      />
      {answerShown ? (
        <Textarea
          label={t('field.answer')}
          autosize
          minRows={4}
          maxRows={16}
          resize="vertical"
          {...form.getInputProps('a')}
        />
      ) : (
        <Group>
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => ask(true)}
          >
            {t('field.addAnswer')}
          </Button>
        </Group>
      )}
      {form.values.q.includes('](picture:') && (
        <Alert variant="light" p="xs">
          <Text size="xs">{t('field.pictures')}</Text>
        </Alert>
      )}
    </>
  );
}
