/** What stands around the log. */
import "roost/elements/roost-banner.js";
import "roost/elements/roost-composer.js";
import "roost/elements/roost-pills.js";
import "roost/elements/roost-sidebar.js";
import "roost/elements/roost-toast.js";
import "roost/elements/roost-typing.js";
import "roost/elements/roost-unsent.js";
