// A wallboard only listens, refetches its tiles and draws clocks.
import "htmx.org";
import { startClocks } from "../clocks.js";
import { startLive } from "../live.js";

startLive();
startClocks();
