/**
 * Whether pictures and links of an answer may lead to an address: its host stands in the list of the app, by itself
 * (`example.com`, with a port where it has one) or below a wildcard (`*.example.com`). Only http and https.
 */
export function isAllowedHost(url: URL, hosts: readonly string[]): boolean {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return false;
  return hosts.some((entry) => {
    const host = entry.trim().toLowerCase();
    return host.startsWith('*.') ? url.host.endsWith(host.slice(1)) : host !== '' && url.host === host;
  });
}
