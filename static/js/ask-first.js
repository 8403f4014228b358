// What deletes something asks first: the first click asks, the second does it.

/** @param {HTMLButtonElement} button with its question in data-asks, and what it is called then in data-asks-label @param {() => void} act */
export function askFirst(button, act) {
  const words = button.textContent ?? "";
  const label = button.getAttribute("aria-label");
  const calm = () => {
    delete button.dataset["sure"];
    button.textContent = words;
    if (label) button.setAttribute("aria-label", label);
  };
  button.addEventListener("blur", calm);
  button.addEventListener("click", (event) => {
    if (event.detail > 1) return; // the second half of a double click is no answer
    if (button.dataset["sure"]) {
      calm();
      act();
    } else {
      button.dataset["sure"] = "yes";
      button.textContent = button.dataset["asks"] ?? words;
      if (label) button.setAttribute("aria-label", button.dataset["asksLabel"] ?? label);
    }
  });
}
