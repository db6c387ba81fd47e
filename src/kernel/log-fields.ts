/**
 * Every field that the technical log may have, with the purpose that lets it exist. A field that is not here
 * does not compile. None of them is personal: no card number, item, title, PIN or word of the ACS about a patron.
 */
export const logFields = {
  reason: 'why something ended, in the operating system’s or our own words',
  path: 'which device, file or socket is meant',
  host: 'which server is meant',
  port: 'which port is meant',
  attempt: 'how often it was tried',
  delayMs: 'how long until the next try, in milliseconds',
  durationMs: 'how long it took, in milliseconds',
  state: 'the state that was entered',
  code: 'the SIP2 message code, an exit code or an error code',
  masked: 'a SIP2 message in its masked form: codes and lengths, no values of personal fields',
  bytes: 'how many bytes',
  count: 'how many',
  rule: 'the rule that a refusal followed',
  transaction: 'the random id of a transaction in the journal',
  version: 'a version of program, schema, contract or configuration',
  key: 'the configuration key that is meant',
  line: 'the line of a file',
  fingerprint:
    'which text of the ACS its profile does not know: 24 bits of a hash, numbers left out; never the text',
  error: 'the stack of a crash',
} as const;

export type LogFieldName = keyof typeof logFields;
