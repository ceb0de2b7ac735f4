// Switches light and dark, at once on screen and, for people who are signed in, in their settings.

export function startThemeToggle(save) {
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    const root = document.documentElement;
    root.dataset.theme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    save?.(root.dataset.theme);
  });
}
