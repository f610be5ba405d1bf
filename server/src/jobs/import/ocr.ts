import type { DocumentFile } from '../../retrieval/ports.ts';

/**
 * Whether text is recognised in pictures, by the parameters of a collection: `ocr`, and where it is absent FastGPT's
 * `customPdfParse`, which asks for the best that can be done with a PDF.
 */
export function ocrOf(params: {
  ocr?: DocumentFile['ocr'] | undefined;
  customPdfParse?: boolean | undefined;
}): NonNullable<DocumentFile['ocr']> {
  return params.ocr ?? (params.customPdfParse ? 'force' : 'auto');
}
