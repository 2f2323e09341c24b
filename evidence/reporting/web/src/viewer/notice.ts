/** What shows that the announcement was played: stated, measured, and what speaks against it. */

import type { Speech } from "../texts";
import { short, visible } from "../visible";
import { clock } from "../wording";
import { type Child, h } from "./dom";
import { lines } from "./incident";
import { badge, details, facts, section, table, time } from "./names";
import { clause, knownAs } from "./noticewording";
import { type Announcement, type Archive, type Item, type NoticeEvidence, type NoticeStated, type Search, sorted } from "./records";

const LISTS = ["for", "against", "unseen"] as const;

export function noticeSection(archive: Archive, speech: Speech): HTMLElement {
  const judged = sorted(archive.of<NoticeEvidence>("notice_evidence"));
  const parts: Child[] = [h("p", { class: "lead" }, speech.t("viewer.notice_lead"))];
  for (const evidence of judged) parts.push(judgement(evidence, archive, speech));
  for (const notice of archive.of<NoticeStated>("notice")) parts.push(stated(notice, judged.length > 0, speech));
  for (const version of archive.announcements) parts.push(announcement(version, speech));
  return section("notice", speech.t("viewer.section_notice"), null, speech, ...parts);
}

function judgement(evidence: NoticeEvidence, archive: Archive, speech: Speech): HTMLElement {
  const [search] = archive.about<Search>("notice_search", evidence.exhibit);
  const isMeasured = search !== undefined && search.matches.length > 0;
  const lists = LISTS.filter((name) => evidence[name].length).map((name) =>
    h(
      "div",
      { class: `items ${name}` },
      h("h4", {}, speech.t(`noticeevidence.heading_${name}`)),
      h("ul", {}, ...evidence[name].map((item) => itemLine(item, archive, speech))),
    ),
  );
  return h(
    "article",
    { class: "evidence" },
    h("h3", {}, h("span", { class: "id" }, evidence.exhibit), " ", short(archive.file(evidence.exhibit), 80)),
    h(
      "p",
      { class: "grade" },
      `${speech.t("show.grade")}: `,
      h("strong", {}, speech.t(`show.grade_${evidence.grade}`)),
      " ",
      h("code", {}, evidence.grade),
      " ",
      badge(isMeasured ? "measured" : "stated", speech),
    ),
    h("div", { class: "lists" }, ...lists),
    search && searched(search, archive, speech),
  );
}

function itemLine(item: Item, archive: Archive, speech: Speech): HTMLElement {
  return h("li", {}, clause(item, archive, speech), " ", h("code", {}, visible(item.code)));
}

function searched(search: Search, archive: Archive, speech: Speech): HTMLElement {
  const seconds = speech.t("noticeevidence.seconds", { seconds: String(search.searched_ms / 1000) });
  const told = !search.searched_ms
    ? speech.t("noticesearch.nothing")
    : search.is_whole
      ? speech.t("noticesearch.whole", { length: seconds })
      : speech.t("noticesearch.part", { length: seconds });
  const problems = search.problems.map((problem) => [speech.t("show.problem"), speech.known(`media.search_problem_${problem}`, problem)] as const);
  const rows: [string, Child][] = [
    [speech.t("noticesearch.searched"), told],
    [speech.t("noticesearch.algorithm"), visible(search.algorithm)],
  ];
  const parts: Child[] = [facts([...rows, ...problems])];
  if (search.matches.length) parts.push(matches(search, archive, speech));
  const hasNothing = search.matches.some((match) => match.result === "not_detected");
  if (hasNothing) parts.push(h("p", { class: "beside" }, speech.t("noticesearch.not_detected_means")));
  return details(speech.t("viewer.search_details"), ...parts);
}

function matches(search: Search, archive: Archive, speech: Speech): HTMLElement {
  const names = archive.channels(search.exhibit);
  const rows = search.matches.map((match) => {
    const version = archive.announcements.find((each) => each.version === match.version);
    const title = (version && short(knownAs(version), 60)) || match.version.slice(0, 8);
    const name = names[match.channel];
    const isThere = match.result !== "not_detected" && match.at_ms !== undefined;
    const figures = isThere
      ? [clock(match.at_ms!), `${Math.floor(match.coverage / 10)} %`, `${Math.floor(match.clause_coverage / 10)} %`]
      : ["–", "–", "–"];
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, title),
      h("td", {}, name ? `${match.channel} ${short(name, 24)}` : String(match.channel)),
      h("td", {}, speech.known(`noticesearch.result_${match.result}`, match.result)),
      ...figures.map((figure) => h("td", { class: "figure" }, figure)),
    );
  });
  const heads = ["channel", "result", "place", "speech", "clause"].map((name) => speech.t(`noticesearch.column_${name}`));
  return table(speech.t("viewer.search_details"), [speech.t("show.announcement"), ...heads], rows);
}

function stated(notice: NoticeStated, isJudged: boolean, speech: Speech): HTMLElement {
  const isUnstated = isJudged && notice.grade === "none";
  const grade = isUnstated ? speech.t("show.grade_unstated") : speech.t(`show.grade_${notice.grade}`);
  const where = [
    notice.exhibit,
    notice.channel === undefined ? undefined : speech.t("show.in_channel", { channel: visible(String(notice.channel)) }),
    notice.at_milliseconds === undefined ? undefined : clock(notice.at_milliseconds),
  ].filter(Boolean);
  return h(
    "article",
    { class: "evidence" },
    h("h3", {}, speech.t("show.notice_stated"), " ", badge("stated", speech)),
    facts([
      [speech.t("show.grade"), grade],
      [speech.t("show.where"), where.join(" · ")],
      [speech.t("show.source"), lines(notice.source)],
      [speech.t("show.text"), lines(notice.text)],
      [speech.t("show.language"), notice.language],
      [speech.t("show.announcement"), notice.exhibits.join(", ")],
    ]),
  );
}

function announcement(version: Announcement, speech: Speech): HTMLElement {
  const notice = version.notice;
  const words = notice.key_clause.text;
  const place = notice.key_clause.start_ms === undefined ? "" : `${clock(notice.key_clause.start_ms)} – ${clock(notice.key_clause.end_ms ?? 0)} `;
  const quoted = words ? speech.words("notice.quoted", { words }) : "";
  return h(
    "article",
    { class: "evidence" },
    h("h3", {}, speech.t("show.notice_version"), " ", badge("stated", speech)),
    facts([
      [speech.t("notice.field_title"), lines(notice.title)],
      [speech.t("notice.field_text"), lines(notice.text)],
      [speech.t("notice.field_key_clause"), place + quoted],
      [speech.t("notice.field_language"), notice.language],
      [speech.t("notice.field_valid_from"), time(notice.valid_from, speech)],
      [speech.t("notice.field_valid_to"), notice.valid_to && time(notice.valid_to, speech)],
      [speech.t("notice.field_approved_by"), lines(notice.approved_by)],
      [speech.t("notice.field_played_as"), notice.played_as && visible(notice.played_as.join(", "))],
      [speech.t("notice.field_replaces"), notice.replaces],
      [speech.t("show.version"), version.version],
      [speech.t("show.announcement"), version.exhibit],
    ]),
  );
}
