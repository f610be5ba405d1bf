import { ActionIcon, Button, Group, Input, Stack, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Section } from '../../../ui/section.tsx';
import type { Draft } from './use-draft.ts';

const mostQuestions = 10;

/** What a chat begins with: a text, and questions to click. */
export function WelcomeSection({ draft }: { draft: Draft }) {
  const { t } = useTranslation('apps');
  const { welcomeText, questions } = draft.settings;
  const replace = (index: number, text: string) =>
    draft.change({ questions: questions.map((question, i) => (i === index ? text : question)) });
  return (
    <Section title={t('welcome.title')} text={t('welcome.text')}>
      <Stack gap="sm">
        <Textarea
          label={t('welcome.label')}
          placeholder={t('welcome.placeholder')}
          value={welcomeText}
          onChange={(event) => draft.change({ welcomeText: event.currentTarget.value })}
          autosize
          minRows={2}
          maxRows={10}
          maxLength={10_000}
        />
        <Input.Label component="h3" m={0}>
          {t('welcome.questions')}
        </Input.Label>
        {questions.map((question, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a question has no other identity than its place
          <Group key={index} gap="xs" wrap="nowrap">
            <TextInput
              flex={1}
              aria-label={t('welcome.question', { number: index + 1 })}
              placeholder={t('welcome.questionPlaceholder')}
              value={question}
              maxLength={500}
              onChange={(event) => replace(index, event.currentTarget.value)}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('welcome.remove', { number: index + 1 })}
              onClick={() => draft.change({ questions: questions.filter((_, i) => i !== index) })}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          disabled={questions.length >= mostQuestions}
          onClick={() => draft.change({ questions: [...questions, ''] })}
          style={{ alignSelf: 'flex-start' }}
        >
          {t('welcome.add')}
        </Button>
      </Stack>
    </Section>
  );
}
