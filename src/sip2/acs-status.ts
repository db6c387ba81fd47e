import { firstField, type DecodedOf } from './decode.ts';

/** Bounds of what a 98 may ask for; some library systems send 60 s, some nothing of sense. */
export const replyTimeoutMsMin = 3_000;
export const replyTimeoutMsMax = 30_000;
export const replyTimeoutMsDefault = 10_000;
export const retriesAllowedMax = 5;
export const retriesAllowedDefault = 3;

/** What the client takes from a 98. Its flags lie too often to be believed unasked; the profile says which may be. */
export interface AcsStatus {
  readonly onLine: boolean;
  readonly checkoutOk: boolean;
  readonly renewalOk: boolean;
  /** AO of the 98. */
  readonly institutionId: string | undefined;
  /** AN of the 98. */
  readonly terminalLocation: string | undefined;
  readonly replyTimeoutMs: number;
  readonly retriesMax: number;
  /** BX as it came; undefined before the first 98. */
  readonly supported: string | undefined;
}

export const acsStatusDefault: AcsStatus = {
  onLine: true,
  checkoutOk: true,
  renewalOk: true,
  institutionId: undefined,
  terminalLocation: undefined,
  supported: undefined,
  replyTimeoutMs: replyTimeoutMsDefault,
  retriesMax: retriesAllowedDefault,
};

/** Reads a 98: the time-out stands in tenths of a second, 000 and 999 mean that it is not known. */
export function acsStatusOf(message: DecodedOf<'98'>): AcsStatus {
  const { onLineStatus, checkoutOk, acsRenewalPolicy, timeoutPeriod, retriesAllowed } = message.fixed;
  return {
    onLine: onLineStatus !== 'N',
    checkoutOk: checkoutOk !== 'N',
    renewalOk: acsRenewalPolicy !== 'N',
    institutionId: filled(firstField(message, 'AO')),
    terminalLocation: filled(firstField(message, 'AN')),
    replyTimeoutMs: clampedTimeout(timeoutPeriod),
    retriesMax:
      /^\d{3}$/.test(retriesAllowed) && retriesAllowed !== '999'
        ? Math.min(Number(retriesAllowed), retriesAllowedMax)
        : retriesAllowedDefault,
    supported: firstField(message, 'BX'),
  };
}

function clampedTimeout(tenths: string): number {
  if (!/^\d{3}$/.test(tenths) || tenths === '000' || tenths === '999') return replyTimeoutMsDefault;
  return Math.min(Math.max(Number(tenths) * 100, replyTimeoutMsMin), replyTimeoutMsMax);
}

function filled(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}
