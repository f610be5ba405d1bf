export function SearchPage() {
  return <>…</>;
}
