import { useComputedColorScheme, VisuallyHidden } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { currentLang } from '../../i18n/index.ts';
import { Loading } from '../../ui/loading.tsx';
import classes from './docs-page.module.css';

/** The documentation of the API, which is a page of its own, in the frame, language and colours of the console. */
export function DocsPage() {
  const { t } = useTranslation('common');
  const scheme = useComputedColorScheme('light');
  const address = `/openapi?lang=${currentLang()}&scheme=${scheme}`;
  // Until a page has come its frame is white, whatever the colours around it.
  const [loaded, setLoaded] = useState('');
  useDocumentTitle(`${t('nav.docs')} · Lectern`);
  return (
    <>
      <VisuallyHidden component="h1">{t('nav.docs')}</VisuallyHidden>
      <div className={classes.place}>
        {/* Another language or colour is another page. */}
        <iframe
          key={address}
          src={address}
          title={t('nav.docs')}
          className={classes.frame}
          data-loaded={loaded === address}
          onLoad={() => setLoaded(address)}
        />
        {loaded !== address && <Loading />}
      </div>
    </>
  );
}
