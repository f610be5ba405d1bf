import type { Position } from '@lectern/contract/workflow.ts';
import type { TFunction } from 'i18next';

/** Where in its document a passage stands, as people say it: “Page 3”, “Sheet Prices, rows 4 to 9”, headings. */
export function placeOf(
  t: TFunction<'chat'>,
  position: Position | undefined,
  headings: readonly string[],
): string[] {
  const places: string[] = [];
  const { page, endPage, slide, sheet, row, endRow } = position ?? {};
  if (page !== undefined)
    places.push(
      endPage !== undefined && endPage > page
        ? t('cite.pages', { page, end: endPage })
        : t('cite.page', { page }),
    );
  if (slide !== undefined) places.push(t('cite.slide', { slide }));
  if (sheet !== undefined) places.push(t('cite.sheet', { sheet }));
  if (row !== undefined)
    places.push(
      endRow !== undefined && endRow > row ? t('cite.rows', { row, end: endRow }) : t('cite.row', { row }),
    );
  if (headings.length > 0) places.push(headings.join(' › '));
  return places;
}
