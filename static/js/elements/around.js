/** What stands around the log. */
import "roost/elements/roost-banner.js";
import "roost/elements/roost-composer.js";
import "roost/elements/roost-pills.js";
import "roost/elements/roost-sidebar.js";
