import { useComputedColorScheme, VisuallyHidden } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { currentLang } from '../../i18n/index.ts';
import classes from './docs-page.module.css';

/** The documentation of the API, which is a page of its own, in the frame, language and colours of the console. */
export function DocsPage() {
  const { t } = useTranslation('common');
  const scheme = useComputedColorScheme('light');
  const address = `/openapi?lang=${currentLang()}&scheme=${scheme}`;
  useDocumentTitle(`${t('nav.docs')} · Lectern`);
  return (
    <>
      <VisuallyHidden component="h1">{t('nav.docs')}</VisuallyHidden>
      {/* Another language or colour is another page. */}
      <iframe key={address} src={address} title={t('nav.docs')} className={classes.frame} />
    </>
  );
}
