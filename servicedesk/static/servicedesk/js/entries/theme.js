// Runs before the first paint, so that no page flashes in the wrong theme.
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => {
  const choice = root.dataset.theme || "system";
  root.dataset.bsTheme = choice === "system" ? (dark.matches ? "dark" : "light") : choice;
};
paint();
dark.addEventListener("change", paint);
new MutationObserver(paint).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
