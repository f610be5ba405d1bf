import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** The text of a data item as people read it; of a question with its answer both. */
export function Passage({ q, a, lines }: { q: string; a: string; lines?: number }) {
  const { t } = useTranslation('data');
  const clamp = lines === undefined ? {} : { lineClamp: lines };
  return (
    <Stack gap={6}>
      <Text size="sm" style={{ whiteSpace: 'pre-wrap' }} {...clamp}>
        {a && (
          <Text span inherit c="dimmed" fw={600} mr={6}>
            {t('item.q')}
          </Text>
        )}
        {q}
      </Text>
      {a && (
        <Text size="sm" style={{ whiteSpace: 'pre-wrap' }} {...clamp}>
          <Text span inherit c="dimmed" fw={600} mr={6}>
            {t('item.a')}
          </Text>
          {a}
        </Text>
      )}
    </Stack>
  );
}
