import { ActionIcon, Button, Group, Textarea } from '@mantine/core';
import { IconHistory, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Menu } from '../../ui/menu.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';

interface QuestionFormProps {
  first: string;
  /** Asked before, latest first. */
  questions: string[];
  busy: boolean;
  onAsk: (question: string) => void;
  onForget: () => void;
}

/** Takes the question; Enter asks it, Shift and Enter begin a new line. */
export function QuestionForm({ first, questions, busy, onAsk, onForget }: QuestionFormProps) {
  const { t } = useTranslation('search');
  const [text, setText] = useState(first);
  const ask = (question: string) => {
    setText(question);
    if (question.trim() !== '') onAsk(question.trim());
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        ask(text);
      }}
    >
      <Group align="flex-start" gap="xs" wrap="nowrap">
        <Textarea
          flex={1}
          size="md"
          autosize
          minRows={1}
          maxRows={6}
          placeholder={t('question.placeholder')}
          aria-label={t('question.label')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            ask(text);
          }}
        />
        <Menu position="bottom-end" width={360}>
          <Menu.Target>
            <Tooltip label={t('history.label')}>
              <ActionIcon
                variant="default"
                size={42}
                aria-label={t('history.label')}
                disabled={questions.length === 0}
              >
                <IconHistory size={18} stroke={1.6} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </Menu.Target>
          <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
            <Menu.Label>{t('history.text')}</Menu.Label>
            {questions.map((question) => (
              <Menu.Item key={question} onClick={() => ask(question)}>
                {question}
              </Menu.Item>
            ))}
            <Menu.Divider />
            <Menu.Item color="red" onClick={onForget}>
              {t('history.forget')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
        <Button
          type="submit"
          size="md"
          loading={busy}
          disabled={text.trim() === ''}
          leftSection={<IconSearch size={18} stroke={1.6} aria-hidden />}
          visibleFrom="xs"
        >
          {t('ask')}
        </Button>
        <ActionIcon
          type="submit"
          size={42}
          loading={busy}
          disabled={text.trim() === ''}
          aria-label={t('ask')}
          hiddenFrom="xs"
        >
          <IconSearch size={18} stroke={1.6} aria-hidden />
        </ActionIcon>
      </Group>
    </form>
  );
}
