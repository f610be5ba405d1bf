import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { currentLang, setLang } from '../i18n/index.ts';

/** To the other language, by its own name: for pages that are to load quickly, a menu being heavier. */
export function LanguageToggle() {
  const { t } = useTranslation('common');
  const other = currentLang() === 'zh' ? 'en' : 'zh';
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-sm"
      lang={other === 'zh' ? 'zh-CN' : 'en'}
      onClick={() => setLang(other)}
    >
      {t(`language.${other}`)}
    </Button>
  );
}
