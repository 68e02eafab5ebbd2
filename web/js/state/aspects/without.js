// A record with one entry less, the same where it never had it.

/**
 * @template T
 * @param {Record<string, T>} record
 * @param {string} id
 * @returns {Record<string, T>}
 */
export function without(record, id) {
  if (!(id in record)) return record;
  const { [id]: _gone, ...rest } = record;
  return rest;
}
