// Starts the API reference without a request to any other host: own document, no fonts, telemetry or helpers from outside.
const element = document.getElementById('reference');
const zh = element.dataset.lang === 'zh';
// The console shows this page in its frame, in its own colours; there its menus switch language and colours.
const scheme = new URLSearchParams(location.search).get('scheme');
const framed = window.self !== window.top;
if (framed) document.querySelector('.language')?.remove();
Scalar.createApiReference(element, {
  url: zh ? '/openapi.json?lang=zh' : '/openapi.json',
  ...(zh && { localization: { locale: 'zh-CN' } }),
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: 'never',
  theme: 'default',
  layout: 'modern',
  persistAuth: false,
  hideModels: true,
  ...((scheme === 'dark' || scheme === 'light') && {
    forceDarkModeState: scheme,
    darkMode: scheme === 'dark',
  }),
  ...(framed && { hideDarkModeToggle: true }),
});
