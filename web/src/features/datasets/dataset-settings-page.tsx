export function DatasetSettingsPage() {
  return <>…</>;
}
