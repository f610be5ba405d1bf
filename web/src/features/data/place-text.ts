import type { TFunction } from 'i18next';
import type { ListedItem } from './queries.ts';

type Place = ListedItem['position'];

/** Where in its document a passage stands, in words: “Page 3”, “Sheet Prices, rows 12–18”; empty where it is not known. */
export function placeText(t: TFunction<'data'>, place: Place): string {
  if (!place) return '';
  const range = (first: number, last = first) => (last > first ? `${first}–${last}` : String(first));
  const parts: string[] = [];
  if (place.page !== undefined) parts.push(t('place.page', { at: range(place.page, place.endPage) }));
  if (place.slide !== undefined) parts.push(t('place.slide', { at: range(place.slide, place.endSlide) }));
  if (place.sheet !== undefined) parts.push(t('place.sheet', { name: place.sheet }));
  if (place.row !== undefined) parts.push(t('place.row', { at: range(place.row, place.endRow) }));
  return parts.join(t('place.and'));
}
