import type { Lang } from '@lectern/contract/lang.ts';
import i18next, { type BackendModule } from 'i18next';
import { initReactI18next } from 'react-i18next';

const storageKey = 'lectern-language';

/** One JSON file for each language and area; a screen waits for its own only. */
const files = import.meta.glob<{ default: Record<string, unknown> }>('../locales/*/*.json');

const backend: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read: async (language, namespace) => {
    const load = files[`../locales/${language}/${namespace}.json`];
    if (!load) throw new Error(`no texts ${language}/${namespace}`);
    return (await load()).default;
  },
};

function stored(): Lang | undefined {
  try {
    const value = localStorage.getItem(storageKey);
    return value === 'en' || value === 'zh' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What the person chose in this browser, else the browser's first language. */
const initialLang = (): Lang => stored() ?? (navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en');

const htmlLang = { en: 'en', zh: 'zh-CN' } as const;

/** The language on the screen; the server answers errors in it too. */
export const currentLang = (): Lang => (i18next.language === 'zh' ? 'zh' : 'en');

/** For Intl: dates, numbers. */
export const currentLocale = (): string => htmlLang[currentLang()];

/** Loads the common texts; other areas load with their screens. */
export async function startI18n(): Promise<void> {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language === 'zh' ? htmlLang.zh : htmlLang.en;
  });
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: initialLang(),
      fallbackLng: false,
      ns: ['common'],
      defaultNS: 'common',
      // React escapes what it shows.
      interpolation: { escapeValue: false },
      returnNull: false,
    });
}

/** Changes the language now and remembers it in this browser. */
export async function setLang(lang: Lang): Promise<void> {
  try {
    localStorage.setItem(storageKey, lang);
  } catch {
    // It holds until the page is closed.
  }
  await i18next.changeLanguage(lang);
}
