import { Button, Group, Text, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconSparkles } from '@tabler/icons-react';
import { lazy, Suspense, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Section } from '../../../ui/section.tsx';
import type { Draft } from './use-draft.ts';

const OptimizeDialog = lazy(async () => ({
  default: (await import('./optimize-dialog.tsx')).OptimizeDialog,
}));

/** The system prompt: who the app is and how it answers. */
export function PromptSection({ draft }: { draft: Draft }) {
  const { t } = useTranslation('apps');
  const [opened, { open, close }] = useDisclosure(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const { prompt, variables, model } = draft.settings;
  // Where the cursor stands, else at the end.
  const insert = (key: string) => {
    const at = area.current?.selectionStart ?? prompt.length;
    draft.change({ prompt: `${prompt.slice(0, at)}{{${key}}}${prompt.slice(at)}` });
    area.current?.focus();
  };
  return (
    <Section
      title={t('prompt.title')}
      text={t('prompt.text')}
      actions={
        <Button variant="light" size="xs" leftSection={<IconSparkles size={14} aria-hidden />} onClick={open}>
          {t('prompt.optimize')}
        </Button>
      }
    >
      <Textarea
        ref={area}
        aria-label={t('prompt.title')}
        placeholder={t('prompt.placeholder')}
        value={prompt}
        onChange={(event) => draft.change({ prompt: event.currentTarget.value })}
        autosize
        minRows={8}
        maxRows={24}
        maxLength={100_000}
      />
      {variables.length > 0 && (
        <Group gap={6} mt="xs">
          <Text size="xs" c="dimmed">
            {t('prompt.insert')}
          </Text>
          {variables.map(({ key, label }) => (
            <Button key={key} size="compact-xs" variant="default" title={label} onClick={() => insert(key)}>
              {`{{${key}}}`}
            </Button>
          ))}
        </Group>
      )}
      <Suspense fallback={null}>
        {opened && (
          <OptimizeDialog
            prompt={prompt}
            model={model}
            onUse={(text) => draft.change({ prompt: text })}
            onClose={close}
          />
        )}
      </Suspense>
    </Section>
  );
}
