/** verify.html: verifies archives in this browser. */

import { carriedTexts } from "../texts";

carriedTexts(document);
