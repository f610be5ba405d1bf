import { ModalsProvider } from '@mantine/modals';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Where dialogs are opened from: around the screens behind the login, which has none and loads without them. */
export function Dialogs({ children }: { children: ReactNode }) {
  const { t } = useTranslation('common');
  return (
    <ModalsProvider labels={{ confirm: t('action.delete'), cancel: t('action.cancel') }}>
      {children}
    </ModalsProvider>
  );
}
