/** The page that `evidence report --html` writes. */

import { carried } from "../carried";

carried(document);
