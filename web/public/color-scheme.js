// Before the first paint, so that a dark console never flashes white. A file of its own, for the page runs no inline script.
(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  let stored = null;
  try {
    stored = localStorage.getItem('mantine-color-scheme-value');
  } catch {
    // A browser that keeps nothing follows the system.
  }
  const scheme = stored === 'dark' || stored === 'light' ? stored : dark ? 'dark' : 'light';
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
})();
