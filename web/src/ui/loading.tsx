import { Center, Loader } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** What stands where a screen will be. It shows itself after a moment only, so that fast screens do not flicker. */
export function Loading() {
  const { t } = useTranslation('common');
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Center mih={200} role="status" aria-label={t('state.loading')}>
      {shown && <Loader />}
    </Center>
  );
}
