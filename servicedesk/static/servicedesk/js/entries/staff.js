// Everything a staff page runs.
import "htmx.org";
import { startClocks } from "../clocks.js";
import { startKeys } from "../keys.js";
import { startLanguage } from "../language.js";
import { startLive } from "../live.js";
import { startNavigation } from "../navigation.js";
import { startPalette } from "../palette.js";
import { post } from "../request.js";
import { startStale } from "../stale.js";
import { startThemeToggle } from "../theme-toggle.js";
import { startToasts } from "../toasts.js";

startStale();
startLive();
startClocks();
startToasts();
startNavigation();
startLanguage();
startThemeToggle((theme) => post("/settings/theme/", { theme }));
startPalette();
startKeys();
