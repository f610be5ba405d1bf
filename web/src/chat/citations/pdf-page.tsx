import { ActionIcon, Alert, Button, Group, Skeleton, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconChevronLeft, IconChevronRight, IconZoomIn, IconZoomOut } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatPercent } from '../../ui/format.ts';
import classes from './citation-panel.module.css';
import { type DrawnPage, openPdf, type Pdf } from './pdf.ts';

interface PdfPageProps {
  /** Of the file on this server. */
  address: string;
  page: number;
  /** The text to be highlighted. */
  passage: string;
}

/** A page of a PDF, drawn from the file, with the passage highlighted; its neighbours are a click away. */
export default function PdfPage({ address, page, passage }: PdfPageProps) {
  const { t } = useTranslation('chat');
  const { ref, width } = useElementSize();
  const canvas = useRef<HTMLCanvasElement>(null);
  const firstHit = useRef<HTMLSpanElement>(null);
  const [pdf, setPdf] = useState<Pdf>();
  const [zoom, setZoom] = useState(1);
  const [shown, setShown] = useState(page);
  const [drawn, setDrawn] = useState<DrawnPage>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    const opening = openPdf(address);
    let here = true;
    opening.then((opened) => here && setPdf(opened)).catch((thrown) => here && setError(thrown));
    return () => {
      here = false;
      void opening.then((opened) => opened.close()).catch(() => undefined);
    };
  }, [address]);
  // Where the passage begins is shown once, and left to the reader from then on.
  useEffect(() => {
    if (drawn) firstHit.current?.scrollIntoView({ block: 'center', inline: 'nearest' });
  }, [drawn]);
  // A width that changes by a scroll bar does not draw the page anew.
  const roundedWidth = Math.round(width / 40) * 40 * zoom;
  useEffect(() => {
    if (!pdf || !canvas.current || roundedWidth === 0) return;
    let here = true;
    const drawing = pdf.draw(canvas.current, Math.min(shown, pdf.pages), roundedWidth, passage);
    drawing.done.then((page) => here && setDrawn(page)).catch((thrown) => here && setError(thrown));
    return () => {
      here = false;
      drawing.cancel();
    };
  }, [pdf, shown, roundedWidth, passage]);
  if (error) return <Alert color="yellow">{t('cite.pdfFailed')}</Alert>;
  return (
    <div ref={ref}>
      <Zoom zoom={zoom} onZoom={setZoom} />
      <div className={classes.sheet} tabIndex={zoom > 1 ? 0 : undefined}>
        <div className={classes.page} style={{ width: `${100 * zoom}%` }}>
          {!drawn && <Skeleton h={420} radius={0} />}
          <canvas
            ref={canvas}
            role="img"
            aria-label={t('cite.pdfLabel', { page: shown })}
            style={{ display: drawn ? 'block' : 'none' }}
          />
          {drawn?.hits.map((hit, index) => (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a page have no name but their place
              key={index}
              className={classes.hit}
              data-hit
              ref={index === 0 ? firstHit : undefined}
              style={hit}
            />
          ))}
        </div>
      </div>
      {pdf && (
        <Group justify="center" gap="xs" mt={4}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('cite.pdfPrevious')}
            disabled={shown <= 1}
            onClick={() => setShown(shown - 1)}
          >
            <IconChevronLeft size={16} aria-hidden />
          </ActionIcon>
          <Text size="xs" c="dimmed">
            {t('cite.pdfPage', { page: shown, count: pdf.pages })}
          </Text>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('cite.pdfNext')}
            disabled={shown >= pdf.pages}
            onClick={() => setShown(shown + 1)}
          >
            <IconChevronRight size={16} aria-hidden />
          </ActionIcon>
        </Group>
      )}
    </div>
  );
}

/** How many times the width of the panel a page can be wide. */
const steps = [1, 1.25, 1.5, 2, 3];

function Zoom({ zoom, onZoom }: { zoom: number; onZoom: (zoom: number) => void }) {
  const { t } = useTranslation('chat');
  const at = steps.indexOf(zoom);
  const to = (step: number) => onZoom(steps[step] ?? 1);
  return (
    <Group justify="flex-end" gap={4} mb={4}>
      <Button variant="subtle" color="gray" size="compact-xs" disabled={at === 0} onClick={() => to(0)}>
        {t('cite.zoomFit')}
      </Button>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('cite.zoomOut')}
        disabled={at === 0}
        onClick={() => to(at - 1)}
      >
        <IconZoomOut size={17} stroke={1.6} aria-hidden />
      </ActionIcon>
      <Text size="xs" c="dimmed" miw={38} ta="center" aria-live="polite">
        {formatPercent(zoom)}
      </Text>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('cite.zoomIn')}
        disabled={at === steps.length - 1}
        onClick={() => to(at + 1)}
      >
        <IconZoomIn size={17} stroke={1.6} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
