import type { Result } from '../../kernel/result.ts';
import { checkTls, type CheckedTls, type TlsProblem } from '../../sip2/tls.ts';
import type { AcsConfig } from './schema.ts';

/** The certificates of the configuration, ready for a connection. */
export function acsTls(acs: Pick<AcsConfig, 'host' | 'tls'>): Result<CheckedTls, TlsProblem> {
  return checkTls(acs.host, acs.tls ?? {});
}
