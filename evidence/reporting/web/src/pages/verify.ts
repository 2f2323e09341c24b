/** verify.html: verifies archives in this browser. */

import { carried } from "../carried";

carried(document);
