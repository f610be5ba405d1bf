export function CollectionsPage() {
  return <>…</>;
}
