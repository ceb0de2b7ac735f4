// Everything a portal page runs; pages read and submit without it.
import "htmx.org";
import { startChats } from "../chat.js";
import { startClocks } from "../clocks.js";
import { startFocus } from "../focus.js";
import { startLive } from "../live.js";
import { startMenus } from "../menus.js";
import { post } from "../request.js";
import { startThemeToggle } from "../theme-toggle.js";

startChats();
startLive();
startClocks();
startMenus();
startFocus();
startThemeToggle((theme) => document.documentElement.dataset.live && post("/settings/theme/", { theme }));
