export function ImportPage() {
  return <>…</>;
}
