import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a request is meant for us by name. A page of the outside world whose host name was bent to 127.0.0.1 (DNS
 * rebinding) asks for that name and is turned away.
 */
export function isOwnHost(headers: IncomingHttpHeaders, port: number): boolean {
  return headers.host !== undefined && ownHosts(port).includes(headers.host.toLowerCase());
}

/** Whether it comes from a page that we served. Browsers put the origin on each WebSocket and each form that is sent. */
export function isOwnOrigin(headers: IncomingHttpHeaders, port: number): boolean {
  return isOwnHost(headers, port) && headers.origin === `http://${headers.host?.toLowerCase()}`;
}

function ownHosts(port: number): readonly string[] {
  const named = [`127.0.0.1:${port}`, `localhost:${port}`];
  return port === 80 ? [...named, '127.0.0.1', 'localhost'] : named;
}

/** Only what the page brings with it; no inline script or style, no other machine. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "media-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** On every answer. */
export const guardHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=()',
};

/** For the demo, whose dock shows the station's page in a frame: pages that we serve may frame each other. */
export const framingSecurityPolicy = contentSecurityPolicy
  .replace("frame-ancestors 'none'", "frame-ancestors 'self'")
  .concat("; frame-src 'self'");
