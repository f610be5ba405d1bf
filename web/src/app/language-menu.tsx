import { ActionIcon } from '@mantine/core';
import { IconCheck, IconLanguage } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { currentLang, setLang } from '../i18n/index.ts';
import { Menu } from '../ui/menu.tsx';

/** Switches between English and Chinese. What the server said in the other language is asked for again. */
export function LanguageMenu() {
  const { t } = useTranslation('common');
  const queryClient = useQueryClient();
  const choose = async (lang: 'en' | 'zh') => {
    await setLang(lang);
    await queryClient.invalidateQueries();
  };
  return (
    <Menu position="bottom-end" width={160}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('language.label')}>
          <IconLanguage size={20} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {(['en', 'zh'] as const).map((lang) => (
          <Menu.Item
            key={lang}
            lang={lang === 'zh' ? 'zh-CN' : 'en'}
            onClick={() => choose(lang)}
            rightSection={currentLang() === lang ? <IconCheck size={16} aria-hidden /> : null}
          >
            {t(`language.${lang}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
