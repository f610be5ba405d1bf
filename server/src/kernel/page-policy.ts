/** What our own pages may do: only our own scripts run, and they talk to this server alone. */
const policy = (frameAncestors: string) =>
  `default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self'; frame-src 'self'; manifest-src 'self'; frame-ancestors ${frameAncestors}; base-uri 'none'; form-action 'self'; object-src 'none'`;

/** Content-Security-Policy of the console and of every page that is not framed. */
export const pagePolicy = policy("'none'");

/** That of the API documentation, which the console shows in its own frame. */
export const framedPagePolicy = policy("'self'");
