import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../api/client.ts';

type Position = NonNullable<Answer<'getPreviewChunks'>['chunks'][number]['position']>;

const span = (from: number, to: number | undefined): string =>
  to !== undefined && to !== from ? `${from}–${to}` : String(from);

/** Where in its document a passage stands, in words: page, slide, or sheet and rows. */
export function usePlace() {
  const { t } = useTranslation('datasets');
  return (position: Position | undefined): string => {
    if (!position) return '';
    const { page, endPage, slide, endSlide, sheet, row, endRow } = position;
    return [
      page !== undefined && t('place.page', { pages: span(page, endPage) }),
      slide !== undefined && t('place.slide', { slides: span(slide, endSlide) }),
      sheet && t('place.sheet', { name: sheet }),
      row !== undefined && t('place.rows', { rows: span(row, endRow) }),
    ]
      .filter(Boolean)
      .join(', ');
  };
}
