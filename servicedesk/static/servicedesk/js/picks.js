// A list to tick choices in: its head says what is chosen, a field above a long one finds, a click beside it closes.
const close = (except) => {
  for (const pick of document.querySelectorAll("[data-ticks][open]")) if (pick !== except) pick.open = false;
};

const tell = (pick) => {
  const words = pick.querySelector("[data-ticks-words]");
  const chosen = [...pick.querySelectorAll("input:checked")].map((box) => box.parentElement.textContent.trim());
  words.textContent = chosen.join(words.dataset.between) || words.dataset.none;
};

const find = (field) => {
  const asked = field.value.trim().toLowerCase();
  for (const line of field.closest("[data-ticks]").querySelectorAll("label")) {
    line.hidden = !line.textContent.toLowerCase().includes(asked);
  }
};

export const startPicks = () => {
  document.addEventListener("click", (event) => close(event.target.closest("[data-ticks]")));
  document.addEventListener("keydown", (event) => {
    const pick = event.key === "Escape" && event.target.closest("[data-ticks][open]");
    if (!pick) return;
    pick.open = false;
    pick.querySelector("summary").focus();
  });
  document.addEventListener("change", (event) => {
    const pick = event.target.closest("[data-ticks]");
    if (pick && event.target.type === "checkbox") tell(pick);
  });
  document.addEventListener("input", (event) => event.target.matches("[data-ticks-find]") && find(event.target));
};
