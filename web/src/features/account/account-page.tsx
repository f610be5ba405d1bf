import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/page.tsx';

export function AccountPage() {
  const { t } = useTranslation('common');
  return <Page title={t('nav.account')}>…</Page>;
}
