import type { Sip2ClientSettings } from './client-settings.ts';
import type { MessageInput } from './messages.ts';

/** Characters in a print line that 99 tells where nothing else is configured. */
const maxPrintWidthDefault = 40;

/** The terminal’s log-in; undefined where the library system wants none. */
export function loginMessage({ login }: Sip2ClientSettings): MessageInput<'93'> | undefined {
  if (login === undefined) return undefined;
  const fields = { CN: login.user, CO: login.password, CP: login.location };
  return { code: '93', fixed: { uidAlgorithm: '0', pwdAlgorithm: '0' }, fields };
}

/** The question for the status, which also keeps the connection alive. */
export function statusMessage(settings: Sip2ClientSettings): MessageInput<'99'> {
  const maxPrintWidth = String(settings.maxPrintWidth ?? maxPrintWidthDefault).padStart(3, '0');
  return { code: '99', fixed: { statusCode: '0', maxPrintWidth, protocolVersion: '2.00' }, fields: {} };
}
