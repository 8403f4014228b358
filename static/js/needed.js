// What a page relies on. It is looked at, and where it is not so, the page is at fault.

/** A value that has to be there. @template T @param {T} value @returns {NonNullable<T>} */
export function needed(value) {
  if (value === null || value === undefined) throw new Error("what this page relies on is not there");
  return value;
}

/** A value that has to be of a class. @template T @param {unknown} value @param {new (...given: never[]) => T} Kind @returns {T} */
export function ofKind(value, Kind) {
  if (!(value instanceof Kind)) throw new Error(`what this page relies on is no ${Kind.name}`);
  return value;
}
