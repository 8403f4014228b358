// Whether the address asks for the page as for a projector.

export const isRequested = () => new URLSearchParams(location.search).has("present");

/** What the address asks for besides, and that or not. @param {boolean} projected */
export function searchWith(projected) {
  const query = new URLSearchParams(location.search);
  if (projected) query.set("present", "");
  else query.delete("present");
  const search = query.toString().replace(/=(?=&|$)/g, "");
  return search && `?${search}`;
}
