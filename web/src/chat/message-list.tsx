import { Alert, Box, Button, Group, Text, VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconPlugConnectedX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ErrorAlert } from '../ui/error-alert.tsx';
import { ToldError } from '../ui/told-error.ts';
import { AnswerMessage, LiveAnswerMessage } from './answer-message.tsx';
import classes from './chat.module.css';
import { type Message, questionBefore } from './conversation/messages.ts';
import type { Target } from './conversation/source.ts';
import type { Conversation } from './conversation/use-conversation.ts';
import type { Live } from './conversation/use-live-answer.ts';
import { QuestionMessage } from './question-message.tsx';
import { useStickToEnd } from './use-stick-to-end.ts';

export interface Surroundings {
  appId: string;
  allowedHosts: readonly string[];
}

interface MessageListProps {
  conversation: Conversation;
  target: Target;
  surroundings: Surroundings;
  onCite: (message: Message, dataId: string) => void;
}

/** From so many on laying all of them out is felt. */
const manyMessages = 60;

/** Everything that was said, the newest at the end, with what is being written. It stays at the end unless scrolled. */
export function MessageList({ conversation, target, surroundings, onCite }: MessageListProps) {
  const { t } = useTranslation('chat');
  const { messages, live } = conversation;
  const { ref, atEnd, toEnd } = useStickToEnd([messages, live]);
  const busy = live !== undefined && live.phase !== 'failed';
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
      <div ref={ref} className={classes.scroll} tabIndex={0} role="log" aria-label={t('message.log')}>
        <div className={classes.column} data-long={messages.length > manyMessages}>
          <Earlier conversation={conversation} />
          {messages.map((message) =>
            message.role === 'question' ? (
              <QuestionMessage
                key={message.id}
                message={message}
                disabled={busy}
                onResend={(text) => conversation.askAgain(message, text)}
              />
            ) : (
              <AnswerMessage
                key={message.id}
                message={message}
                target={target}
                surroundings={surroundings}
                busy={busy}
                onRetry={retryOf(conversation, messages, message)}
                onCite={onCite}
              />
            ),
          )}
          {live && (
            <LivePart live={live} conversation={conversation} surroundings={surroundings} onCite={onCite} />
          )}
        </div>
      </div>
      <div style={{ position: 'relative' }}>
        {!atEnd && (
          <div className={classes.end}>
            <Button
              variant="default"
              size="xs"
              radius="xl"
              leftSection={<IconArrowDown size={14} aria-hidden />}
              onClick={toEnd}
            >
              {t('message.toEnd')}
            </Button>
          </div>
        )}
      </div>
    </>
  );
}

/** The way to what was said before the first message that is shown. */
function Earlier({ conversation: { earlier, showEarlier } }: { conversation: Conversation }) {
  const { t } = useTranslation('chat');
  if (!earlier.has) return null;
  if (earlier.error && !earlier.loading)
    return (
      <Box mb="md">
        <ErrorAlert error={earlier.error} onRetry={showEarlier} />
      </Box>
    );
  return (
    <Group justify="center" mb="md">
      <Button variant="subtle" size="xs" loading={earlier.loading} onClick={showEarlier}>
        {t('message.earlier')}
      </Button>
    </Group>
  );
}

function retryOf(conversation: Conversation, messages: readonly Message[], answer: Message) {
  const question = questionBefore(messages, answer);
  return question && (() => conversation.askAgain(question, question.text));
}

interface LivePartProps {
  live: Live;
  conversation: Conversation;
  surroundings: Surroundings;
  onCite: (message: Message, dataId: string) => void;
}

/** A question on its way, and its answer as it grows; or why it did not get through. */
function LivePart({ live, conversation, surroundings, onCite }: LivePartProps) {
  const { t } = useTranslation('chat');
  const { question, phase } = live;
  return (
    <>
      {question && (
        <QuestionMessage
          message={{ id: '', text: question.text, files: question.files }}
          disabled
          onResend={() => undefined}
        />
      )}
      {phase === 'failed' ? (
        <ErrorAlert
          title={t('message.notSent')}
          error={live.error ?? new ToldError(t('message.goneMeanwhile'))}
          onRetry={conversation.tryAgain}
          // Without it, what was asked before stays as it is.
          onDismiss={
            question?.replaceFrom ? { label: t('message.keepOld'), act: conversation.dismiss } : undefined
          }
        />
      ) : (
        <LiveAnswerMessage answer={live.answer} surroundings={surroundings} onCite={onCite} />
      )}
      {phase === 'reconnecting' && (
        <Alert color="yellow" icon={<IconPlugConnectedX aria-hidden />} role="status">
          <Text size="sm">{t('message.reconnecting')}</Text>
        </Alert>
      )}
      {phase === 'asking' && <VisuallyHidden role="status">{t('message.thinking')}</VisuallyHidden>}
    </>
  );
}
