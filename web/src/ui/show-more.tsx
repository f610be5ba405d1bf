import { Button, Group, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from './format.ts';
import type { DrawnPart } from './use-drawn-part.ts';

/** So far above its end, in pixels, a list goes on by itself: whoever scrolls or tabs does not get there first. */
const ahead = 500;

/** The end of a list of which a part is drawn: it goes on when somebody comes near, and by a button. */
export function ShowMore({ drawn, total, onMore }: DrawnPart) {
  const { t } = useTranslation('common');
  const end = useRef<HTMLDivElement>(null);
  // Watched anew after each part: the end may still be in sight.
  useEffect(() => {
    if (!end.current) return;
    const watch = new IntersectionObserver((seen) => {
      if (seen.some(({ isIntersecting }) => isIntersecting)) onMore();
    });
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [onMore]);
  if (drawn >= total) return null;
  return (
    <Group justify="center" gap="sm" p="sm" pos="relative">
      <div
        ref={end}
        aria-hidden
        style={{ position: 'absolute', inset: `-${ahead}px 0 0`, pointerEvents: 'none' }}
      />
      <Text size="sm" c="dimmed" role="status">
        {t('list.drawn', { drawn: formatNumber(drawn), total: formatNumber(total) })}
      </Text>
      <Button variant="default" size="xs" onClick={onMore}>
        {t('list.more')}
      </Button>
    </Group>
  );
}
