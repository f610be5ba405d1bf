export function QualityPage() {
  return <>…</>;
}
