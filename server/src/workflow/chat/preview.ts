import type { ChatMessage } from '../../models/ports.ts';

const objOf = { system: 'System', user: 'Human', assistant: 'AI', tool: 'AI' } as const;
/** Characters shown of the last turn, and of everything before it: the preview is stored with every answer. */
const recentLimit = 1000;
const earlierLimit = 100;
const mostItems = 20;

const cut = (text: string, limit: number) => (text.length > limit ? `${text.slice(0, limit)}…` : text);

function textOf({ content }: ChatMessage): string {
  if (typeof content === 'string') return content;
  return content.map((part) => (part.type === 'text' ? part.text : '[image]')).join('\n');
}

/** A short look at the conversation as the model saw it, the answer included (spec 2.2, `historyPreview`). */
export function historyPreview(messages: readonly ChatMessage[], answer: string) {
  const recent = messages.length - 1;
  const shown = messages.slice(-mostItems).map((message, i, { length }) => ({
    obj: objOf[message.role],
    value: cut(textOf(message), messages.length - length + i >= recent ? recentLimit : earlierLimit),
  }));
  return [...shown, { obj: objOf.assistant, value: cut(answer, recentLimit) }];
}
