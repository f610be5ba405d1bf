import { ActionIcon, Alert, Group, Skeleton, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
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
    if (drawn) firstHit.current?.scrollIntoView({ block: 'center' });
  }, [drawn]);
  // A width that changes by a scroll bar does not draw the page anew.
  const roundedWidth = Math.round(width / 40) * 40;
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
  if (error)
    return (
      <Alert color="yellow">
        {t('cite.pdfFailed', { message: error instanceof Error ? error.message : String(error) })}
      </Alert>
    );
  return (
    <div ref={ref}>
      <div className={classes.page}>
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
