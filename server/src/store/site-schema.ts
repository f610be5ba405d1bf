/** A page of the website that a dataset is kept in step with. */
export interface SitePageRow {
  id: string;
  teamId: string;
  datasetId: string;
  /** Without fragment; unique in the dataset. */
  url: string;
  /** Links between it and where the crawl began. */
  depth: number;
  /** The crawl that saw it last. */
  crawl: string;
  /** What became of it there; `left` = not read (robots.txt, no document, or another page), `gone` = 404 or 410. */
  state: 'waiting' | 'changed' | 'same' | 'failed' | 'gone' | 'left';
  collectionId: string | null;
  etag: string | null;
  lastModified: string | null;
  /** JSON: why it could not be read. */
  error: string | null;
  updateTime: number;
}
