import { Alert, Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { describeError } from '../../../ui/describe-error.ts';
import { notifyDone, notifyError } from '../../../ui/notify.ts';
import { ToldError } from '../../../ui/told-error.ts';
import { sentParams } from './chunk-params.ts';
import { readLinks, withoutLinks } from './links.ts';
import { Preview } from './preview.tsx';
import type { ImportTarget } from './target.ts';
import { TwoColumns } from './two-columns.tsx';

interface Failure {
  link: string;
  message: string;
}

const failureText = ({ link, message }: Failure) => `${link}: ${message}`;

/** Web pages and files by their addresses, many at once. */
export function LinksSource({ dataset, parentId, params, settings, dropped, onStarted }: ImportTarget) {
  const { t } = useTranslation('datasets');
  const [text, setText] = useState(dropped);
  const [selector, setSelector] = useState('');
  const [settledSelector] = useDebouncedValue(selector.trim(), 500);
  const { links, wrong } = readLinks(text);
  const [settledLinks] = useDebouncedValue(links.slice(0, 100).join('\n'), 500);
  // Whoever has left is told elsewhere what was refused.
  const left = useRef(false);
  useEffect(() => {
    left.current = false;
    return () => {
      left.current = true;
    };
  }, []);
  const create = useMutation({
    mutationFn: async (wanted: readonly string[]) => {
      const failures: Failure[] = [];
      for (const link of wanted) {
        const metadata = selector.trim() ? { metadata: { webPageSelector: selector.trim() } } : {};
        try {
          await api.createLinkCollection({
            datasetId: dataset._id,
            parentId,
            link,
            ...metadata,
            ...sentParams(params),
          });
        } catch (error) {
          failures.push({ link, message: describeError(error).message });
        }
      }
      return failures;
    },
    onSuccess: (failures, wanted) => {
      const refused = new Set(failures.map(({ link }) => link));
      const imported = new Set(wanted.filter((link) => !refused.has(link)));
      if (imported.size > 0) notifyDone(t('import.begun', { count: imported.size }));
      // What was refused stays, to be corrected, and so does what was written meanwhile.
      setText((now) => withoutLinks(now, imported));
      onStarted();
      if (left.current && refused.size > 0) {
        const title = t('links.refused', { count: refused.size });
        notifyError(new ToldError([title, ...failures.map(failureText)].join(' · ')));
      }
    },
  });
  const previews = settledLinks
    .split('\n')
    .filter(Boolean)
    .map((link) => ({
      type: 'link' as const,
      sourceId: link,
      name: link,
      light: false,
      ...(settledSelector && { selector: settledSelector }),
    }));
  return (
    <TwoColumns
      preview={
        <Preview datasetId={dataset._id} sources={previews} params={params} empty={t('preview.emptyLinks')} />
      }
    >
      <Textarea
        label={t('links.label')}
        description={t('links.about')}
        placeholder={'https://handbook.example.com/leave\nhttps://handbook.example.com/travel'}
        autosize
        minRows={5}
        maxRows={14}
        value={text}
        error={
          wrong.length > 0 && text.endsWith('\n') ? t('links.wrong', { list: wrong.join(', ') }) : undefined
        }
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <TextInput
        label={t('source.selector')}
        description={t('source.selectorAbout')}
        placeholder="main article"
        value={selector}
        onChange={(event) => setSelector(event.currentTarget.value)}
      />
      {settings}
      {create.data && create.data.length > 0 && <Failures failures={create.data} />}
      <Group>
        <Button
          size="md"
          disabled={links.length === 0}
          loading={create.isPending}
          onClick={() => create.mutate(links)}
        >
          {links.length > 0 ? t('links.import', { count: links.length }) : t('import.open')}
        </Button>
        {wrong.length > 0 && (
          <Text size="sm" c="red">
            {t('links.wrong', { list: wrong.slice(0, 3).join(', ') })}
          </Text>
        )}
      </Group>
    </TwoColumns>
  );
}

function Failures({ failures }: { failures: readonly Failure[] }) {
  const { t } = useTranslation('datasets');
  return (
    <Alert color="red" title={t('links.refused', { count: failures.length })} role="alert">
      <Stack gap={4}>
        {failures.map(({ link, message }) => (
          <Text key={link} size="sm">
            <b>{link}</b>: {message}
          </Text>
        ))}
      </Stack>
    </Alert>
  );
}
