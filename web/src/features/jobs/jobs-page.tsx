import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/page.tsx';

export function JobsPage() {
  const { t } = useTranslation('common');
  return <Page title={t('nav.jobs')}>…</Page>;
}
