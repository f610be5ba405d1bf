import { ModalsProvider } from '@mantine/modals';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { dialogs } from '../ui/modals.ts';

export default function DialogsContainer() {
  const { t } = useTranslation('common');
  // Effects of what is inside come first: now somebody listens.
  useEffect(() => {
    dialogs.setReady(true);
    return () => dialogs.setReady(false);
  }, []);
  return <ModalsProvider labels={{ confirm: t('action.delete'), cancel: t('action.cancel') }} />;
}
