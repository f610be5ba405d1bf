import ipaddr from 'ipaddr.js';

/**
 * Whoever has one IPv6 address usually has the 2^64 of its network: they count as one. IPv4 in IPv6 form counts as
 * IPv4.
 */
export function addressGroup(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${parsed.toByteArray().slice(0, 8).join('.')}/64`;
}
