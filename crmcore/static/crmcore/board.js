// What the opportunity board does beside its links and forms.

import "./move-menu.js";
import "./walk-cards.js";
import "./drag-cards.js";
