/** The mark of the product: an open book on a stand. */
export function Mark({ size }: { size: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="var(--mantine-color-lectern-7)" />
      <path d="M6.5 9.2l9.5 3 9.5-3-2.6 9.3-6.9 2.2-6.9-2.2z" fill="#fff" />
      <path d="M16 12.2v8.5" stroke="var(--mantine-color-lectern-7)" strokeWidth="1.3" />
      <path d="M16 20.7v4.6M11 26h10" stroke="#fff" strokeWidth="2.2" strokeLinecap="round" />
    </svg>
  );
}
