/** Letters as a hand types them that has only a to z: without marks, in small. */
export function folded(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase();
}

/** Whether all words of the search occur. */
export function finds(search: string, ...texts: readonly (string | undefined)[]): boolean {
  const text = folded(texts.filter((one) => one !== undefined).join(' '));
  return folded(search)
    .split(/\s+/)
    .every((word) => text.includes(word));
}
