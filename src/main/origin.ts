/** The scheme of the program’s own pages. */
export const scheme = 'omatoimi';
const host = 'app';

/** The page for patrons. */
export const pageUrl = `${scheme}://${host}/index.html`;

/** Whether an address is the program’s own. Parsed, so that nothing that only looks like it passes. */
export function isOwnUrl(url: string): boolean {
  const address = parsed(url);
  return (
    address?.protocol === `${scheme}:` &&
    address.host === host &&
    address.username === '' &&
    address.password === ''
  );
}

/** Whether an address is the page for patrons, and not only a file of it or one that is not there. */
export function isPageUrl(url: string): boolean {
  return isOwnUrl(url) && parsed(url)?.pathname === parsed(pageUrl)?.pathname;
}

/** Whether an address is that of a server on this machine; nothing else is ever shown from a server. */
export function isLoopbackUrl(url: string): boolean {
  const address = parsed(url);
  return address?.protocol === 'http:' && address.hostname === '127.0.0.1';
}

/** Whether an address is on the same server as another one, as a page or a socket. */
export function isOnServerOf(server: string, url: string): boolean {
  const address = parsed(url);
  const isServed = address?.protocol === 'http:' || address?.protocol === 'ws:';
  return isServed && address.host === parsed(server)?.host;
}

/** Where an address leads, as much of it as a log may keep: paths and queries can tell of a person. */
export function whereTo(url: string): string {
  const address = parsed(url);
  return address === undefined ? 'no address' : `${address.protocol}//${address.host}`;
}

function parsed(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}
