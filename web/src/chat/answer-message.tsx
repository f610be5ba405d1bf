import { Alert, Button, Collapse, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconAlertTriangle,
  IconBulb,
  IconChevronDown,
  IconPlayerStop,
  IconPlugConnectedX,
} from '@tabler/icons-react';
import { memo, useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { AnswerActions } from './answer-actions.tsx';
import classes from './chat.module.css';
import { citedPassages } from './citations/cited.ts';
import type { LiveAnswer } from './conversation/answer.ts';
import type { Message } from './conversation/messages.ts';
import type { Target } from './conversation/source.ts';
import { Markdown } from './markdown/lazy-markdown.tsx';
import type { Surroundings } from './message-list.tsx';

interface AnswerMessageProps {
  message: Message;
  target: Target;
  surroundings: Surroundings;
  busy: boolean;
  onRetry: (() => void) | undefined;
  onCite: (message: Message, dataId: string) => void;
}

/** An answer as it is stored: what it says, its sources, how it ended, and what can be done with it. */
export const AnswerMessage = memo(
  function AnswerMessage({ message, target, surroundings, busy, onRetry, onCite }: AnswerMessageProps) {
    const { t } = useTranslation('chat');
    return (
      <article className={classes.answer}>
        <Body message={message} surroundings={surroundings} partial={false} onCite={onCite} />
        {!message.text && !message.error && message.run?.status !== 'stopped' && (
          <Text c="dimmed">{t('message.empty')}</Text>
        )}
        <Ending message={message} onRetry={busy ? undefined : onRetry} />
        <AnswerActions message={message} target={target} onRetry={busy ? undefined : onRetry} />
      </article>
    );
  },
  // Handlers are made anew with each draw; what they do follows from the rest.
  (before, after) =>
    before.message === after.message &&
    before.busy === after.busy &&
    before.surroundings === after.surroundings &&
    before.target.chatId === after.target.chatId,
);

interface LiveAnswerMessageProps {
  answer: LiveAnswer;
  surroundings: Surroundings;
  onCite: (message: Message, dataId: string) => void;
}

/** An answer while it is being written. */
export function LiveAnswerMessage({ answer, surroundings, onCite }: LiveAnswerMessageProps) {
  const { t } = useTranslation('chat');
  const message = useMemo(() => asMessage(answer), [answer]);
  return (
    <article className={classes.answer} aria-busy="true">
      <Body message={message} surroundings={surroundings} partial onCite={onCite} />
      {!answer.text && (
        <div>
          <span className={classes.dots} aria-hidden>
            <span />
            <span />
            <span />
          </span>
          {answer.step && (
            <Text span size="sm" c="dimmed" ml="xs">
              {t('message.step', { name: answer.step })}
            </Text>
          )}
        </div>
      )}
    </article>
  );
}

function asMessage({ text, reasoning, quotes, seconds }: LiveAnswer): Message {
  return {
    ...{ id: '', role: 'answer', text, reasoning, files: [], quotes, seconds },
    ...{ time: undefined, run: undefined, error: undefined, good: '', bad: '' },
  };
}

interface BodyProps {
  message: Message;
  surroundings: Surroundings;
  partial: boolean;
  onCite: (message: Message, dataId: string) => void;
}

function Body({ message, surroundings, partial, onCite }: BodyProps) {
  const { t } = useTranslation('chat');
  const cites = useMemo(() => citedPassages(message), [message]);
  const open = useCallback((dataId: string) => onCite(message, dataId), [onCite, message]);
  return (
    <>
      {message.reasoning && (
        <Reasoning text={message.reasoning} thinking={partial && !message.text} surroundings={surroundings} />
      )}
      {message.text && (
        <Markdown text={message.text} partial={partial} cites={cites} onCite={open} {...surroundings} />
      )}
      {!partial && cites.size > 0 && (
        <nav className={classes.sources} aria-label={t('message.sources')}>
          {[...cites].map(([dataId, { number, source }]) => (
            <UnstyledButton
              key={dataId}
              className={classes.source}
              onClick={() => open(dataId)}
              title={source}
            >
              <span className={classes.number}>{number}</span>
              <span>{source}</span>
            </UnstyledButton>
          ))}
        </nav>
      )}
    </>
  );
}

interface ReasoningProps {
  text: string;
  thinking: boolean;
  surroundings: Surroundings;
}

/** What a model thought before it answered, folded away. */
function Reasoning({ text, thinking, surroundings }: ReasoningProps) {
  const { t } = useTranslation('chat');
  const [opened, { toggle }] = useDisclosure(false);
  return (
    <div className={classes.reasoning}>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        leftSection={<IconBulb size={15} stroke={1.6} aria-hidden />}
        rightSection={
          <IconChevronDown
            size={14}
            aria-hidden
            style={{ transform: opened ? 'rotate(180deg)' : undefined }}
          />
        }
        aria-expanded={opened}
        onClick={toggle}
      >
        {t(thinking ? 'message.reasoningNow' : 'message.reasoning')}
      </Button>
      <Collapse expanded={opened}>
        <div className={classes.reasoningText}>
          <Markdown text={text} partial={thinking} {...surroundings} />
        </div>
      </Collapse>
    </div>
  );
}

/** How an answer ended when it did not end well, and what to do. */
function Ending({ message, onRetry }: { message: Message; onRetry: (() => void) | undefined }) {
  const { t } = useTranslation(['chat', 'common']);
  const status = message.run?.status;
  if (status === 'stopped')
    return (
      <Text size="sm" c="dimmed" mt="xs">
        <IconPlayerStop size={14} aria-hidden style={{ verticalAlign: '-2px' }} /> {t('chat:message.stopped')}
      </Text>
    );
  const interrupted = status === 'interrupted';
  if (!interrupted && !message.error) return null;
  const Icon = interrupted ? IconPlugConnectedX : IconAlertTriangle;
  return (
    <Alert
      mt="xs"
      color={interrupted ? 'yellow' : 'red'}
      icon={<Icon aria-hidden />}
      title={interrupted ? undefined : t('chat:message.failed')}
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {interrupted ? t('chat:message.interrupted') : message.error}
      </Text>
      {onRetry && (
        <Button mt="xs" size="xs" variant="light" color={interrupted ? 'yellow' : 'red'} onClick={onRetry}>
          {t('common:action.retry')}
        </Button>
      )}
    </Alert>
  );
}
