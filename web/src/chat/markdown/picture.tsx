import { UnstyledButton } from '@mantine/core';
import { IconPhotoOff } from '@tabler/icons-react';
import { type ComponentProps, useContext, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addressOf } from './address.ts';
import { MarkdownContext } from './context.ts';
import { askToOpen } from './link.tsx';
import classes from './markdown.module.css';

/**
 * A picture of a text. Pictures of documents come from this server, those of allowed hosts through it, so that no
 * other server hears of the reader; of all others there is a box with the host.
 */
export function Picture({ src, alt }: ComponentProps<'img'>) {
  const { allowedHosts, appId } = useContext(MarkdownContext);
  const [failed, setFailed] = useState(false);
  const address = addressOf(typeof src === 'string' ? src : undefined, window.location.origin, allowedHosts);
  if (address.kind === 'none' || address.kind === 'own') return alt ? <span>{alt}</span> : null;
  const from =
    address.kind === 'file'
      ? address.href
      : address.kind === 'allowed' && appId
        ? `/api/core/chat/picture?${new URLSearchParams({ appId, url: address.href })}`
        : undefined;
  if (from === undefined || failed)
    return <Placeholder href={address.href} host={'host' in address ? address.host : ''} alt={alt ?? ''} />;
  return (
    <img
      src={from}
      alt={alt ?? ''}
      loading="lazy"
      onError={() => setFailed(true)}
      className={classes.picture}
    />
  );
}

function Placeholder({ href, host, alt }: { href: string; host: string; alt: string }) {
  const { t } = useTranslation('chat');
  const text = host ? t('picture.notLoaded', { host }) : t('picture.failed');
  const content = (
    <>
      <IconPhotoOff size={18} aria-hidden />
      <span>
        {alt && <strong>{alt} </strong>}
        {text}
      </span>
    </>
  );
  if (!host) return <span className={classes.placeholder}>{content}</span>;
  return (
    <UnstyledButton component="button" className={classes.placeholder} onClick={() => askToOpen(href, host)}>
      {content}
    </UnstyledButton>
  );
}
