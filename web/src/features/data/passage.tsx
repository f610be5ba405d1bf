import { Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Markdown } from '../../chat/markdown/lazy-markdown.tsx';
import classes from './data.module.css';

interface PassageProps {
  q: string;
  a: string;
  /** Shows its beginning only, and fades the rest out where there is more. */
  folded?: boolean;
}

/** From how many characters or lines on a passage is more than what is shown folded. */
const longText = 900;
const manyLines = 14;

/** Whether a text is so long that it is folded. */
export const isLong = (text: string): boolean =>
  text.length > longText || text.split('\n', manyLines + 1).length > manyLines;

/** The text of a data item as people read it; of a question with its answer both. */
export function Passage({ q, a, folded = false }: PassageProps) {
  // With the words of the dialog that asks before a foreign page is opened.
  const { t } = useTranslation(['data', 'chat']);
  const fold = folded && isLong(`${q}\n${a}`);
  if (!a)
    return (
      <div className={classes.passage} data-folded={fold || undefined}>
        <Markdown text={q} />
      </div>
    );
  return (
    <Stack gap={6} className={classes.passage ?? ''} data-folded={fold || undefined}>
      <Part label={t('item.q')} text={q} />
      <Part label={t('item.a')} text={a} />
    </Stack>
  );
}

function Part({ label, text }: { label: string; text: string }) {
  return (
    <Group gap={8} wrap="nowrap" align="flex-start">
      <Text span c="dimmed" fw={600} size="sm" lh={1.65}>
        {label}
      </Text>
      <div style={{ minWidth: 0, flex: 1 }}>
        <Markdown text={text} />
      </div>
    </Group>
  );
}
