import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/page.tsx';

export function ChatPage() {
  const { t } = useTranslation('common');
  return <Page title={t('nav.chat')}>…</Page>;
}
