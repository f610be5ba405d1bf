/** The two languages everything a person reads exists in. */
export type Lang = 'en' | 'zh';

/** A text in both languages: a missing one does not compile. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

/** Chooses the language of an answer from `Accept-Language` (English unless Chinese is asked for first). */
export function langOf(acceptLanguage: string | undefined): Lang {
  if (!acceptLanguage) return 'en';
  const wanted = acceptLanguage
    .split(',')
    .map((part, position) => {
      const [tag = '', ...rest] = part.trim().toLowerCase().split(';');
      const q = Number(
        rest
          .find((p) => p.trim().startsWith('q='))
          ?.trim()
          .slice(2) ?? 1,
      );
      return { tag, q: Number.isFinite(q) ? q : 0, position };
    })
    .filter(({ tag, q }) => q > 0 && (tag.startsWith('zh') || tag.startsWith('en')))
    .sort((a, b) => b.q - a.q || a.position - b.position);
  return wanted[0]?.tag.startsWith('zh') ? 'zh' : 'en';
}
