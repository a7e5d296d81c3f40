import { app } from "roost/core/app.js";
import "roost/elements/roost-toast.js";
import "roost/elements/roost-typing.js";
import "roost/elements/roost-unsent.js";
import { fillTitle } from "roost/features/title.js";
import { tellOfStrays } from "roost/layers/strays.js";

/** What nobody misses in the first seconds; start.js begins the rest. */
fillTitle(app);
tellOfStrays(app);
