import { transactions } from './0001-transactions.ts';
import { refusalsAndPinTries } from './0002-refusals-and-pin-tries.ts';
import { audit } from './0003-audit.ts';
import { holdsAndFees } from './0004-holds-and-fees.ts';
import { tagWork } from './0005-tag-work.ts';
import { acsAndDeaths } from './0006-acs-and-deaths.ts';
import { sealsRenewed } from './0007-seals-renewed.ts';
import { pinVerifiers } from './0008-pin-verifiers.ts';
import { outage } from './0009-outage.ts';
import { acceptedNotDone } from './0010-accepted-not-done.ts';
import type { Migration } from './migration.ts';

/** All of them, in order. */
export const migrations: readonly Migration[] = [
  transactions,
  refusalsAndPinTries,
  audit,
  holdsAndFees,
  tagWork,
  acsAndDeaths,
  sealsRenewed,
  pinVerifiers,
  outage,
  acceptedNotDone,
];

/** The newest schema that this program knows. */
export const schemaVersion = migrations.length;
