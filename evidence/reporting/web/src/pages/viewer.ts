/** The page that `evidence report --html` writes. */

import { carriedTexts } from "../texts";

carriedTexts(document);
