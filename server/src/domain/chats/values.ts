import type { RunEvent } from '@lectern/contract/stream.ts';

/** One value of a stored message (spec 2.6). */
export type ChatValue =
  | { type: 'text'; text: { content: string } }
  | { type: 'reasoning'; reasoning: { content: string } }
  | { type: 'file'; file: { type: 'image' | 'file'; name: string; url: string } };

/** The text of a stored message, for the conversation a model reads. */
export function textOfValues(values: readonly ChatValue[]): string {
  return values.flatMap((v) => (v.type === 'text' && v.text.content ? [v.text.content] : [])).join('\n');
}

/** Collects the events of a run into the values of its answer. */
export interface AnswerBuilder {
  add(event: RunEvent): void;
  /** Neighbouring pieces joined; at least one text, which may be empty. */
  values(): ChatValue[];
}

/** What two nodes say becomes two values: a node's response ends the text it streamed. */
export function createAnswerBuilder(): AnswerBuilder {
  const values: ChatValue[] = [];
  // Pieces are joined once at the end; appending to a growing string per token would be flattened per flush.
  let kind: 'text' | 'reasoning' | undefined;
  let pieces: string[] = [];

  const close = () => {
    const content = pieces.join('');
    if (kind === 'text' && content) values.push({ type: 'text', text: { content } });
    if (kind === 'reasoning' && content) values.push({ type: 'reasoning', reasoning: { content } });
    kind = undefined;
    pieces = [];
  };
  const append = (to: 'text' | 'reasoning', piece: string) => {
    if (kind !== to) {
      close();
      kind = to;
    }
    pieces.push(piece);
  };

  return {
    add(event) {
      if (event.type === 'answer' || event.type === 'fastAnswer') append('text', event.text);
      else if (event.type === 'reasoning') append('reasoning', event.text);
      else if (event.type === 'nodeResponse') close();
    },
    values() {
      close();
      return values.some((v) => v.type === 'text')
        ? values
        : [...values, { type: 'text', text: { content: '' } }];
    },
  };
}
