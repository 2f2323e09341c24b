/** verify.html: verifies archives in this browser; nothing leaves it. */

import { carried } from "../carried";
import { VerifyPage } from "./verify/page";
import { preferred, Tongue } from "./verify/tongue";

const languages = carried(document);
const tongue = new Tongue(languages, preferred(Object.keys(languages.texts), navigator.languages));
new VerifyPage(document, tongue).open();
