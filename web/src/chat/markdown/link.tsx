import { Anchor, Code, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import i18next from 'i18next';
import { type ComponentProps, type ReactNode, useContext } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExtraProps } from 'react-markdown';
import { modals } from '../../ui/modals.ts';
import { Tooltip } from '../../ui/tooltip.tsx';
import { addressOf } from './address.ts';
import { MarkdownContext } from './context.ts';
import classes from './markdown.module.css';

/** Asks before a page of another host is opened, and shows the whole address: what is shown as its text may lie. */
export function askToOpen(href: string, host: string): void {
  modals.openConfirmModal({
    title: i18next.t('chat:link.title', { host }),
    children: (
      <Stack gap="xs">
        <Text size="sm">{i18next.t('chat:link.text')}</Text>
        <Code block className={classes.address}>
          {href}
        </Code>
      </Stack>
    ),
    labels: { confirm: i18next.t('chat:link.open'), cancel: i18next.t('common:action.cancel') },
    onConfirm: () => window.open(href, '_blank', 'noopener,noreferrer'),
  });
}

const textOf = (children: ReactNode): string =>
  typeof children === 'string' ? children : Array.isArray(children) ? children.map(textOf).join('') : '';

/** A link of a text: a citation mark, a page of ours, an allowed host, or one that asks first. */
export function Link({ href, children, node }: ComponentProps<'a'> & ExtraProps) {
  const { allowedHosts } = useContext(MarkdownContext);
  if (href === 'CITE') return <CitationMark dataId={textOf(children)} />;
  const address = addressOf(href, window.location.origin, allowedHosts);
  if (address.kind === 'none') return <span>{children}</span>;
  if (address.kind === 'own' && address.href.startsWith('#')) return <a href={address.href}>{children}</a>;
  // A picture may be a button itself: the link stands beside it.
  if (node?.children.some((child) => child.type === 'element' && child.tagName === 'img'))
    return (
      <>
        {children} <Link href={href}>{'host' in address ? address.host : address.href}</Link>
      </>
    );
  if (address.kind !== 'foreign')
    return (
      <Anchor href={address.href} target="_blank" rel="noopener noreferrer" inherit underline="always">
        {children}
      </Anchor>
    );
  return (
    <ForeignLink href={address.href} host={address.host}>
      {children}
    </ForeignLink>
  );
}

function ForeignLink({ href, host, children }: { href: string; host: string; children: ReactNode }) {
  const shown = textOf(children);
  return (
    <UnstyledButton component="button" className={classes.foreign} onClick={() => askToOpen(href, host)}>
      {children}
      {!shown.includes(host) && <span className={classes.host}> ({host})</span>}
      <IconExternalLink size="0.9em" aria-hidden className={classes.icon} />
    </UnstyledButton>
  );
}

/** The number of a cited passage; what the answer does not name among its passages is left out. */
function CitationMark({ dataId }: { dataId: string }) {
  const { t } = useTranslation('chat');
  const { cites, onCite } = useContext(MarkdownContext);
  const passage = cites.get(dataId);
  if (!passage) return null;
  const label = t('cite.open', { number: passage.number, source: passage.source });
  return (
    <Tooltip label={passage.source || label}>
      <UnstyledButton
        component="button"
        className={classes.mark}
        aria-label={label}
        onClick={() => onCite?.(dataId)}
      >
        {passage.number}
      </UnstyledButton>
    </Tooltip>
  );
}
