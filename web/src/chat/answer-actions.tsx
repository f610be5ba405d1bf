import { ActionIcon, Loader } from '@mantine/core';
import { IconInfoCircle, IconRefresh, IconThumbDown, IconThumbUp } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { formatDuration, formatNumber } from '../ui/format.ts';
import { notifyDone, notifyError } from '../ui/notify.ts';
import { Popover } from '../ui/popover.tsx';
import { fullTime } from '../ui/time-ago.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import classes from './chat.module.css';
import type { Message } from './conversation/messages.ts';
import type { Target } from './conversation/source.ts';
import { withoutMarks } from './markdown/marks.ts';

const AnswerFacts = lazy(() => import('./answer-facts.tsx'));
const FeedbackReason = lazy(() => import('./feedback-reason.tsx'));

interface AnswerActionsProps {
  message: Message;
  target: Target;
  onRetry: (() => void) | undefined;
}

/** What can be done with an answer: copy it, ask again, rate it, and see how it came about. */
export function AnswerActions({ message, target, onRetry }: AnswerActionsProps) {
  const { t } = useTranslation('chat');
  return (
    <div className={classes.actions}>
      {message.text && <CopyButton value={withoutMarks(message.text)} />}
      {onRetry && (
        <Tooltip label={t('message.retry')}>
          <ActionIcon variant="subtle" color="gray" aria-label={t('message.retry')} onClick={onRetry}>
            <IconRefresh size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
      <Feedback message={message} target={target} />
      <Facts message={message} />
    </div>
  );
}

function Feedback({ message, target }: Pick<AnswerActionsProps, 'message' | 'target'>) {
  const { t } = useTranslation('chat');
  const queryClient = useQueryClient();
  const [asked, setAsked] = useState<{ open: boolean }>();
  const { appId, chatId } = target;
  const rate = useMutation({
    mutationFn: (rating: { userGoodFeedback?: string; userBadFeedback?: string }) =>
      api.updateUserFeedback({ appId, chatId, dataId: message.id, ...rating }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['chat', 'records', appId, chatId] }),
    onError: notifyError,
  });
  const isGood = message.good !== '';
  const isBad = message.bad !== '';
  const sendReason = (reason: string) => {
    setAsked({ open: false });
    if (!reason) return;
    rate.mutate({ userBadFeedback: reason }, { onSuccess: () => notifyDone(t('feedback.thanks')) });
  };
  const onBad = () => {
    if (isBad) return rate.mutate({});
    rate.mutate({ userBadFeedback: 'yes' });
    setAsked({ open: true });
  };
  const bad = (
    <Tooltip label={isBad && message.bad !== 'yes' ? message.bad : t('feedback.bad')} multiline maw={300}>
      <ActionIcon
        variant={isBad ? 'light' : 'subtle'}
        color={isBad ? 'red' : 'gray'}
        aria-label={t('feedback.bad')}
        aria-pressed={isBad}
        onClick={onBad}
      >
        <IconThumbDown size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
  return (
    <>
      <Tooltip label={t('feedback.good')}>
        <ActionIcon
          variant={isGood ? 'light' : 'subtle'}
          color={isGood ? 'green' : 'gray'}
          aria-label={t('feedback.good')}
          aria-pressed={isGood}
          onClick={() => rate.mutate(isGood ? {} : { userGoodFeedback: 'yes' })}
        >
          <IconThumbUp size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {asked ? (
        <Suspense fallback={bad}>
          <FeedbackReason
            target={bad}
            opened={asked.open}
            onClose={() => setAsked({ open: false })}
            onSend={sendReason}
          />
        </Suspense>
      ) : (
        bad
      )}
    </>
  );
}

/** Model, tokens, points and time of an answer, on demand. */
function Facts({ message }: { message: Message }) {
  const { t } = useTranslation('chat');
  const { run, seconds, time } = message;
  const rows: [string, string][] = [];
  if (run?.model) rows.push([t('facts.model'), run.model]);
  if (run && run.inputTokens + run.outputTokens > 0) {
    const text = t('facts.tokensText', {
      input: formatNumber(run.inputTokens),
      output: formatNumber(run.outputTokens),
    });
    rows.push([t('facts.tokens'), run.estimated ? `${text} (${t('facts.estimated')})` : text]);
  }
  if (run && run.totalPoints > 0) rows.push([t('facts.points'), formatNumber(run.totalPoints)]);
  if (seconds !== undefined) rows.push([t('facts.seconds'), formatDuration(seconds)]);
  if (time) rows.push([t('facts.time'), fullTime(new Date(time))]);
  if (rows.length === 0) return null;
  return (
    <Popover
      position="top-start"
      withArrow
      styles={{ dropdown: { padding: 'var(--mantine-spacing-xs)' } }}
      target={
        <Tooltip label={t('message.details')}>
          <ActionIcon variant="subtle" color="gray" aria-label={t('message.details')}>
            <IconInfoCircle size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      }
    >
      {() => (
        <Suspense fallback={<Loader size="xs" />}>
          <AnswerFacts rows={rows} />
        </Suspense>
      )}
    </Popover>
  );
}
