/** What to say about a key that is not there: the one that was probably meant, or all that there are. */
export function nearestKeyHint(key: string, known: readonly string[]): string {
  const distances = known.map((candidate) => ({
    candidate,
    distance: editDistance(key.toLowerCase(), candidate.toLowerCase()),
  }));
  distances.sort((a, b) => a.distance - b.distance);
  const nearest = distances[0];
  // Two letters that changed places are two steps.
  const distanceMax = key.length < 4 ? 1 : Math.max(2, Math.floor(key.length / 3));
  if (nearest !== undefined && nearest.distance <= distanceMax)
    return `a known key; did you mean "${nearest.candidate}"?`;
  return `one of the keys ${known.join(', ')}`;
}

const comparedCharsMax = 64;

/** Levenshtein’s distance; of long texts, of their beginnings. */
export function editDistance(a: string, b: string): number {
  const left = a.slice(0, comparedCharsMax);
  const right = b.slice(0, comparedCharsMax);
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[right.length] ?? 0;
}
