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
