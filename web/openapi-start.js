// Starts the API reference without a request to any other host: own document, no fonts, telemetry or helpers from outside.
const element = document.getElementById('reference');
const zh = element.dataset.lang === 'zh';
Scalar.createApiReference(element, {
  url: zh ? '/openapi.json?lang=zh' : '/openapi.json',
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
});
