// Runs before the first paint, so that a page never flashes in the other theme or as it is without a projector. A classic script on purpose.
(() => {
  /** @returns {string | null} */
  const stored = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // storage is blocked: follow the system
    }
  };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    document.documentElement.dataset.theme = stored() ?? (dark.matches ? "dark" : "light");
    document.dispatchEvent(new Event("themechange"));
  };
  dark.addEventListener("change", apply);
  apply();
  const phone = matchMedia("(max-width: 640px)"); // which is no wall, as in present.js
  document.documentElement.toggleAttribute("data-present", !phone.matches && new URLSearchParams(location.search).has("present"));
})();
