import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/page.tsx';

export function WelcomePage() {
  const { t } = useTranslation('common');
  return <Page title={t('product')}>…</Page>;
}
