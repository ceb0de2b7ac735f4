// Watches the focus on a page: who had it, how that looked, and who should have had it but did not.
(() => {
  const FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, audio[controls], [contenteditable=true], [tabindex]";
  const ROLES = ["button", "link", "tab", "option", "menuitem", "menuitemradio", "checkbox", "radio", "switch", "slider"];
  const CLICKED = [
    "phone", "open-palette", "open-keys", "open-articles", "open-ticket", "open-leg", "show-customer", "show-side", "show-list",
    "close-side", "close-dialog", "close-tab", "dock", "insert-text", "move", "call-act", "markdown", "start-shift", "test-sound",
    "theme-toggle",
  ].map((name) => `[data-${name}]`);
  const ASKS = ["get", "post", "put", "patch", "delete"].map((verb) => `[hx-${verb}]`);

  const still = new CSSStyleSheet();
  still.replaceSync("*, *::before, *::after { transition: none !important; animation: none !important; }");
  document.adoptedStyleSheets = [still];

  const looks = new Map(); // element -> how it looked with the focus
  const names = new Set();
  let first = null;
  const state = { wrapped: false };

  function name(element) {
    const text = (element.getAttribute("aria-label") || element.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40);
    const marks = ["id", "name", "href", "value", "role", "class"].map((key) => element.getAttribute(key) && `${key}=${element.getAttribute(key)}`);
    return `<${element.localName} ${marks.filter(Boolean).join(" ").slice(0, 110)}> ${text}`;
  }

  const visible = (element) => {
    if (!element.checkVisibility({ checkOpacity: false, checkVisibilityCSS: true }) || element.closest("[inert], dialog:not([open])")) return false;
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0;
  };

  // Where the focus may show: on the element, on what stands for it, on the frame around it.
  function signs(element) {
    const places = [element, ...(element.labels ?? [])];
    for (let up = element.parentElement, steps = 0; up && steps < 4; up = up.parentElement, steps++) places.push(up);
    if (element.type === "radio" || element.type === "checkbox") places.push(...element.parentElement.querySelectorAll(":scope label"));
    return places.map((place) => {
      const style = getComputedStyle(place);
      const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 ? `${style.outlineWidth} ${style.outlineColor}` : "";
      return `${outline}|${style.boxShadow}`;
    });
  }

  function note({ target }) {
    if (target === first && looks.size > 1) state.wrapped = true;
    first ??= target;
    names.add(name(target));
    if (!looks.has(target)) looks.set(target, signs(target));
  }

  const radioGroup = (element) => element.type === "radio" && element.name && [...document.getElementsByName(element.name)].filter((one) => one.form === element.form);
  const enabled = (element) => !element.matches(":disabled, [aria-disabled=true]");
  const reached = (element) => looks.has(element) || names.has(name(element)) || Boolean(radioGroup(element) && radioGroup(element).some((one) => looks.has(one)));

  // One widget, one stop: its parts are reached by arrows from the field that controls them.
  const controlled = (element) => {
    const list = element.closest("[role=listbox]");
    return element.getAttribute("role") === "option" && list?.id && document.querySelector(`[aria-controls~="${list.id}"]`);
  };

  function unreached() {
    const all = [...document.querySelectorAll([FOCUSABLE, ...ROLES.map((role) => `[role=${role}]`)].join(", "))];
    const meant = all.filter((one) => visible(one) && enabled(one) && !controlled(one));
    return meant
      .filter((one) => one.getAttribute("tabindex") !== "-1" || ROLES.includes(one.getAttribute("role")) || one.matches("a[href], button, input, select, textarea"))
      .filter((one) => !reached(one))
      .map((one) => `not reached: ${name(one)}`);
  }

  function mouseOnly() {
    const clicked = [...document.querySelectorAll([...CLICKED, ...ASKS].join(", "))].filter((one) => {
      if (one.matches("form, input, select, textarea")) return false;
      const trigger = one.getAttribute("hx-trigger");
      return !one.matches(ASKS.join(", ")) || one.matches(CLICKED.join(", ")) || !trigger || /\bclick\b/.test(trigger);
    });
    const pointed = [...document.body.querySelectorAll("*")].filter(
      (one) => getComputedStyle(one).cursor === "pointer" && getComputedStyle(one.parentElement).cursor !== "pointer",
    );
    const works = (one) =>
      one.matches(FOCUSABLE) || one.closest("a[href], button, summary, [tabindex]:not([tabindex='-1'])") || one.control || one.closest("label")?.control || one.localName === "option";
    return [...new Set([...clicked, ...pointed])].filter((one) => visible(one) && !works(one)).map((one) => `mouse only: ${name(one)}`);
  }

  // What says that it is a button must answer to Space, what has an address must have one.
  function halfButtons() {
    const said = [...document.querySelectorAll("a[role=button], a:not([href]), div[role=button]:not([data-key])")];
    return said.filter(visible).map((one) => `half a button: ${name(one)}`);
  }

  function unseen() {
    document.activeElement?.blur();
    const found = [...looks].filter(([element]) => element.isConnected && visible(element));
    return found.filter(([element, before]) => String(signs(element)) === String(before)).map(([element]) => `focus not shown: ${name(element)}`);
  }

  document.addEventListener("focusin", note);
  document.activeElement?.blur();
  for (const fold of document.querySelectorAll("details:not([open])")) if (!isMenu(fold)) fold.open = true;

  function isMenu(details) {
    return details.matches(".sd-pick, .sd-po__menu, .sd-addflt");
  }

  let menu = null;
  const menuName = (details) => details.id || name(details.querySelector("summary"));
  const menus = () => [...document.querySelectorAll("details")].filter((one) => isMenu(one) && visible(one.querySelector("summary")));
  const itemsOf = (details) => [...details.querySelectorAll(FOCUSABLE)].filter((one) => one.localName !== "summary" && visible(one) && enabled(one) && one.tabIndex >= 0);
  const tabLists = () => [...document.querySelectorAll("[role=tablist]")].filter(visible);

  window.keyboardWatch = Object.assign(state, {
    now: () => name(document.activeElement),
    seen: () => [...looks.keys()].map(name),
    tabLists,
    enterTabs(number) {
      const tabs = [...tabLists()[number].querySelectorAll("[role=tab]")].filter(visible);
      (tabs.find((tab) => tab.tabIndex === 0) ?? tabs[0])?.focus();
      return tabs.length;
    },
    faults: () => [...new Set([...unreached(), ...mouseOnly(), ...halfButtons(), ...unseen()])],
    menus: () => menus().map(menuName),
    focusMenu(wanted) {
      menu = menus().find((one) => menuName(one) === wanted);
      if (!menu) return false;
      menu.open = false;
      menu.querySelector("summary").focus();
      looks.clear();
      names.clear();
      return document.activeElement === menu.querySelector("summary");
    },
    itemsOfMenu: () => itemsOf(menu).length,
    menuFaults() {
      if (!menu.open) return [`does not open: ${menuName(menu)}`];
      return itemsOf(menu).filter((one) => !reached(one)).map((one) => `not reached in ${menuName(menu)}: ${name(one)}`);
    },
    menuLeft() {
      if (menu.open) return [`Escape does not close: ${menuName(menu)}`];
      return document.activeElement === menu.querySelector("summary") ? [] : [`focus lost after Escape: ${menuName(menu)}`];
    },
  });
})();
