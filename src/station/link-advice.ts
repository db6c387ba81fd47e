import type { IlsState } from '../ils/ils.ts';

/** What each state of the connection means to a technician, and where to look. */
export const linkAdvice: Readonly<Record<IlsState, string>> = {
  connecting: 'The connection is being made.',
  online: 'The ACS answers.',
  slow: 'The ACS answers, and takes long for it: look at its load and at the line.',
  unreachable:
    'There is no connection, or requests stay without an answer: look at the line, acs.host and acs.port, and whether the ACS runs.',
  loginRefused: 'The ACS refuses user or password: look at acs.login, or acs.telnet.',
  terminalRefused:
    'The ACS turns this terminal away: look at acs.location (CP), acs.terminalPassword (AC), acs.https.path, the station’s own certificate, and the addresses that the ACS lets in.',
  certificateRefused:
    'The ACS’s certificate does not verify, so nothing is said to it: look at acs.tls.ca, acs.tls.serverName and this machine’s clock.',
  closed: 'The ACS says that it is not on-line.',
  plannedDown: 'A planned rest of acs.downTimes; nothing is sent meanwhile.',
};
