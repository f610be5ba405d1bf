import { useTranslation } from 'react-i18next';
import { Section } from '../../../ui/section.tsx';
import { TagsInput } from '../../../ui/tags-input.tsx';
import type { Draft } from './use-draft.ts';

/** `https://Example.com/path` → `example.com`; a leading `*.` stays. */
function hostOf(text: string): string {
  const bare = text
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '');
  return bare.split(/[/?#\s]/)[0] ?? '';
}

const isHost = (text: string) =>
  /^(\*\.)?[a-z0-9\u0080-\uffff]([a-z0-9\u0080-\uffff.-]*[a-z0-9\u0080-\uffff])?(:\d{1,5})?$/.test(text);

/** From where chats of this app may show pictures and links without asking. */
export function HostSection({ draft }: { draft: Draft }) {
  const { t } = useTranslation('apps');
  const change = (texts: string[]) =>
    draft.change({ allowedHosts: [...new Set(texts.map(hostOf))].filter(isHost) });
  return (
    <Section title={t('hosts.title')} text={t('hosts.text')}>
      <TagsInput
        aria-label={t('hosts.title')}
        placeholder={draft.settings.allowedHosts.length === 0 ? t('hosts.placeholder') : ''}
        value={draft.settings.allowedHosts}
        onChange={change}
        splitChars={[',', ' ', '\n']}
        acceptValueOnBlur
        maxTags={100}
      />
    </Section>
  );
}
