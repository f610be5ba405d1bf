import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.process>;

function inRange(address: Address, range: string): boolean {
  const [base = '', bits] = range.split('/');
  if (!ipaddr.isValid(base)) return false;
  const network = ipaddr.process(base);
  if (network.kind() !== address.kind()) return false;
  // An IPv4 range may be written in its IPv6 form; then 96 of its bits belong to the mapping.
  const mapped = ipaddr.parse(base).kind() === 'ipv6' && network.kind() === 'ipv4';
  const length =
    bits === undefined ? (network.kind() === 'ipv4' ? 32 : 128) : Number(bits) - (mapped ? 96 : 0);
  return address.match(network, length);
}

/** Whether `address` is one of the addresses or lies in one of the CIDR ranges; IPv4 in IPv6 form counts as IPv4. */
export function addressAllowed(address: string, allowed: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const caller = ipaddr.process(address);
  return allowed.some((range) => inRange(caller, range));
}

/** Whether a route is one of the operation ids or lies under one of the path prefixes (whole segments). */
export function routeAllowed(
  route: { operation: string; path: string },
  allowed: readonly string[],
): boolean {
  return allowed.some((entry) => {
    if (!entry.includes('/')) return entry === route.operation;
    const prefix = `/${entry.replace(/^\/+/, '').replace(/[/*]+$/, '')}`;
    return route.path === prefix || route.path.startsWith(`${prefix}/`);
  });
}
