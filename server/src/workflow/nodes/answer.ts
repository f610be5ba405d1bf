import { defineNode } from '../define-node.ts';

/** Says a fixed text (or any value, objects as JSON) at once. */
export const answerNode = defineNode({
  type: 'answerNode',
  label: { en: 'Specified reply', zh: '指定回复' },
  inputs: { text: { valueType: 'any' } },
  outputs: { answerText: { valueType: 'string' } },
  run({ inputs, emit }) {
    const value = inputs.text ?? '';
    const text = typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
    // The newline keeps it apart from whatever another node has said before it (spec 2.2).
    const reply = `\n${text}`;
    emit({ type: 'fastAnswer', text: reply });
    return { outputs: { answerText: reply }, response: { textOutput: text } };
  },
});
