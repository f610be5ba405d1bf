import { Button } from '@mantine/core';
import { IconCompass } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyState } from './empty-state.tsx';

/** An address that leads nowhere, or to something that is gone. */
export function NotFound() {
  const { t } = useTranslation('common');
  return (
    <EmptyState icon={IconCompass} title={t('error.notFoundTitle')} text={t('error.notFound')}>
      <Button renderRoot={(props) => <Link to="/" {...props} />}>{t('error.home')}</Button>
    </EmptyState>
  );
}
