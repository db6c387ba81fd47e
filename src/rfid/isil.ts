/** Country and the rest, without the hyphen between them, is how ISO 28560-3 stores an ISIL: its length at most. */
export const isilCharactersMax = 13;
/** The same on a chip of 32 bytes. */
export const isilCharactersSmallMax = 11;

/** An ISIL from its stored form: the hyphen goes back behind the country (DK718500 → DK-718500). */
export function isilFromStored(stored: string): string {
  return /^[A-Za-z]{2}[^-]/u.test(stored) ? `${stored.slice(0, 2)}-${stored.slice(2)}` : stored;
}

/** The stored form: without the hyphen behind the country. */
export function storedIsil(isil: string): string {
  return /^[A-Za-z]{2}-/u.test(isil) ? isil.slice(0, 2) + isil.slice(3) : isil;
}

function comparable(isil: string): string {
  return storedIsil(isil).toLowerCase();
}

/**
 * Does an item of this owner belong to the library or its consortium? `owners`: the ISILs of those who share their
 * collections; one that ends in * means all that begin so. Without a list, and without an owner on the tag, it does.
 * Capitals and the hyphen behind the country make no difference (ISO 15511).
 */
export function isOurs(owner: string | undefined, owners: readonly string[]): boolean {
  if (owner === undefined || owners.length === 0) return true;
  const own = comparable(owner);
  return owners.some((one) =>
    one.endsWith('*') ? own.startsWith(comparable(one.slice(0, -1))) : own === comparable(one),
  );
}
