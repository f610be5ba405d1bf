import type { Message } from './messages.ts';
import type { Live } from './use-live-answer.ts';

/** What a conversation shows. */
interface Shown {
  messages: readonly Message[];
  live: Live | undefined;
}

/**
 * The stored messages with what is being written. A question under way stands once, where it belongs, whether or not
 * the server has told of it, and hides what it takes the place of; when it was refused, all is there as before.
 */
export function shownOf(messages: readonly Message[], live: Live | undefined): Shown {
  const question = live?.question;
  if (!question) return { messages, live };
  // The record is there a moment before what was shown while it was written goes.
  if (messages.some(({ id }) => id === question.answerId)) return { messages, live: undefined };
  if (live.phase === 'failed') return { messages, live };
  if (question.after === undefined) return { messages: [], live };
  const at = messages.findIndex(({ id }) => id === question.after);
  return { messages: at < 0 ? messages : messages.slice(0, at + 1), live };
}
