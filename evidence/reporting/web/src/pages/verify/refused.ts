/** Something that the page can't go on with, in words of the catalogue. */

import type { Values } from "../../texts";

export class Refused extends Error {
  /**
   * @param message_ name of what is wrong
   * @param hint name of what to do next
   * @param values for both; untrusted texts are made visible where they are shown
   * @param field id of the field to mend
   */
  constructor(
    readonly message_: string,
    readonly hint: string,
    readonly values: Values = {},
    readonly field = "archive",
  ) {
    super(message_);
  }
}
