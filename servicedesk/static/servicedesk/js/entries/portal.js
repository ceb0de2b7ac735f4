// Everything a portal page runs; pages read and submit without it.
import "htmx.org";
import { startClocks } from "../clocks.js";
import { startLive } from "../live.js";
import { post } from "../request.js";
import { startThemeToggle } from "../theme-toggle.js";

startLive();
startClocks();
startThemeToggle((theme) => document.documentElement.dataset.live && post("/settings/theme/", { theme }));
