import { Mark, Text } from '@mantine/core';
import { markWords } from './marks.ts';

/** A passage in which the words of the question are marked. */
export function MarkedText({ text, words, lines }: { text: string; words: string[]; lines?: number }) {
  let at = 0;
  return (
    <Text
      size="sm"
      component="div"
      style={{ whiteSpace: 'pre-wrap' }}
      {...(lines !== undefined && { lineClamp: lines })}
    >
      {markWords(text, words).map((piece) => {
        const key = at;
        at += piece.text.length;
        return piece.marked ? <Mark key={key}>{piece.text}</Mark> : <span key={key}>{piece.text}</span>;
      })}
    </Text>
  );
}
