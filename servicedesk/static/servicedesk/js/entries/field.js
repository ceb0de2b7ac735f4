// Everything a technician's phone runs; the pages read and send without it.
import "htmx.org";
import { startClocks } from "../clocks.js";
import { startLive } from "../live.js";
import { startSignatures } from "../signatures.js";
import { startVisits } from "../visits.js";

startLive();
startClocks();
startVisits();
startSignatures();
