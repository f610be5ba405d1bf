import { readWelcome } from '@lectern/contract/welcome.ts';
import { SimpleGrid, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { NameAvatar } from '../ui/name-avatar.tsx';
import classes from './chat.module.css';
import type { ChatApp } from './chat.tsx';
import { Markdown } from './markdown/lazy-markdown.tsx';

interface WelcomeProps {
  app: ChatApp;
  surroundings: { appId: string; allowedHosts: readonly string[] };
  /** Absent while the app still needs something. */
  onAsk: ((question: string) => void) | undefined;
  /** What has to be filled in first. */
  children: ReactNode;
}

/** What stands in a chat before the first question: the words of the app, and questions to begin with. */
export function Welcome({ app, surroundings, onAsk, children }: WelcomeProps) {
  const { t } = useTranslation('chat');
  const { text, questions } = readWelcome(app.chatConfig.welcomeText ?? '');
  return (
    <div className={classes.scroll}>
      <div className={classes.welcome}>
        <Stack className={classes.column} gap="lg" align="center" ta="center">
          <NameAvatar avatar={app.avatar ?? ''} name={app.name} size={56} radius="md" />
          <Title order={2} size="h3" lineClamp={2}>
            {t('welcome.title', { app: app.name })}
          </Title>
          {text ? (
            <div style={{ textAlign: 'start', maxWidth: 640 }}>
              <Markdown text={text} {...surroundings} />
            </div>
          ) : (
            <Text c="dimmed" maw={520}>
              {app.intro || t('welcome.text')}
            </Text>
          )}
          {children}
          {questions.length > 0 && (
            <SimpleGrid cols={{ base: 1, xs: questions.length > 1 ? 2 : 1 }} spacing="xs" w="100%" maw={640}>
              {questions.map((question) => (
                <UnstyledButton
                  key={question}
                  className={classes.suggestion}
                  disabled={!onAsk}
                  onClick={() => onAsk?.(question)}
                >
                  {question}
                </UnstyledButton>
              ))}
            </SimpleGrid>
          )}
        </Stack>
      </div>
    </div>
  );
}
