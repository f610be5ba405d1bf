export function CollectionPage() {
  return <>…</>;
}
