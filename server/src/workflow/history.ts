import type { HistoryItem } from './ports.ts';

/** A turn as workflows pass it on (`histories`, the `history` output): FastGPT's chat item. */
export interface WireTurn {
  obj: 'Human' | 'AI' | 'System';
  value: { type: 'text'; text: { content: string } }[];
}

const objOf = { user: 'Human', assistant: 'AI', system: 'System' } as const;
const roleOf: Record<string, HistoryItem['role']> = {
  Human: 'user',
  AI: 'assistant',
  System: 'system',
  user: 'user',
  assistant: 'assistant',
  system: 'system',
};

/** A turn in the form of FastGPT's history variable. */
export function toWireTurn(item: HistoryItem): WireTurn {
  return { obj: objOf[item.role], value: [{ type: 'text', text: { content: item.text } }] };
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  return value
    .map((part) => part?.text?.content ?? part?.text)
    .filter((text): text is string => typeof text === 'string')
    .join('\n');
}

/** Turns from any list that looks like a conversation (FastGPT's chat items or OpenAI's messages); others vanish. */
function readTurns(value: unknown): HistoryItem[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item): HistoryItem[] => {
    const role = roleOf[String(item?.obj ?? item?.role)];
    const text = textOf(item?.value ?? item?.content ?? item?.text);
    return role && text ? [{ role, text }] : [];
  });
}

/** The last `rounds` questions with everything that followed each of them. */
function lastRounds(history: readonly HistoryItem[], rounds: number): HistoryItem[] {
  let left = Math.floor(rounds);
  if (!(left > 0)) return [];
  for (let i = history.length - 1; i >= 0; i--) {
    if (history[i]?.role === 'user' && --left === 0) return history.slice(i);
  }
  return [...history];
}

/** The turns a node's history setting asks for: a number of rounds, or a conversation of its own. */
export function chosenHistory(setting: unknown, history: readonly HistoryItem[]): HistoryItem[] {
  return typeof setting === 'number' ? lastRounds(history, setting) : readTurns(setting);
}
