import { closedByPeer, type SocketFailure } from './socket-stream.ts';

/** Codes of OpenSSL’s verification and Node’s own that say that a certificate does not verify, with what it is about. */
const untrusted = 'the ACS’s certificate comes from no authority that is trusted here';
const spoilt = 'the ACS’s certificate is damaged';
const unsuited = 'the ACS’s certificate is not made for this';
const certificateWords: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'the ACS’s certificate has expired, by this machine’s clock',
  CERT_NOT_YET_VALID: 'the ACS’s certificate is not valid yet, by this machine’s clock',
  CERT_REVOKED: 'the ACS’s certificate was revoked',
  CERT_REJECTED: 'the ACS’s certificate is rejected',
  CERT_UNTRUSTED: untrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  CERT_SIGNATURE_FAILURE: spoilt,
  UNABLE_TO_DECRYPT_CERT_SIGNATURE: spoilt,
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: spoilt,
  ERROR_IN_CERT_NOT_BEFORE_FIELD: spoilt,
  ERROR_IN_CERT_NOT_AFTER_FIELD: spoilt,
  INVALID_CA: unsuited,
  INVALID_PURPOSE: unsuited,
  PATH_LENGTH_EXCEEDED: unsuited,
  CERT_CHAIN_TOO_LONG: unsuited,
  HOSTNAME_MISMATCH: 'the ACS’s certificate is for another name',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the ACS’s certificate is for another name',
};

/** Alerts by which the other end says that it does not take this station’s certificate, or wants one. */
const refusalAlert =
  /ALERT_(?:BAD_CERTIFICATE|CERTIFICATE_REQUIRED|CERTIFICATE_UNKNOWN|CERTIFICATE_EXPIRED|CERTIFICATE_REVOKED|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|DECRYPT_ERROR|HANDSHAKE_FAILURE)/;

/** What it means that a TLS socket closed. Some servers turn a certificate away by closing, without a word. */
export function tlsCloseOf(error: NodeJS.ErrnoException | undefined, heard: boolean): SocketFailure {
  if (error !== undefined) return tlsFailureOf(error);
  return {
    reason: heard
      ? closedByPeer
      : `${closedByPeer} without a word; it may not take this station’s certificate`,
  };
}

/** What an error of a TLS socket means. */
export function tlsFailureOf(error: NodeJS.ErrnoException): SocketFailure {
  const code = error.code ?? 'error';
  const words = certificateWords[code];
  if (words !== undefined) return { reason: `${words} (${code})`, refused: 'certificate' };
  if (refusalAlert.test(code)) {
    return { reason: `the ACS does not take this station’s certificate (${code})`, refused: 'terminal' };
  }
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') return { reason: `no TLS can be spoken (${code})` };
  return { reason: code };
}
