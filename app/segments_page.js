// Keys and clicks on a translation's segments. The server renders every word; nothing here writes HTML.
"use strict";
(() => {
  let waiting = Promise.resolve();
  const main = () => document.querySelector("main");
  const rows = () => [...document.querySelectorAll("main li")];
  const find = (n) => document.getElementById(`s${n}`);
  const number = (row) => Number(row.dataset.n);
  const here = () => document.activeElement?.closest?.("main li") ?? null;
  const said = (words) => { document.getElementById("said").textContent = words; };

  const go = (n) => {
    const row = find(n) ?? rows().at(-1);
    row?.focus();
    row?.scrollIntoView({ block: "nearest" });
  };

  const open = (row, verb, text) => {
    const form = row.querySelector(".form"), box = form.querySelector("textarea");
    form.hidden = false;
    form.dataset.verb = verb;
    box.value = text;
    box.setAttribute("aria-label", verb === "edit" ? "The translation" : "A comment");
    box.dir = verb === "edit" ? main().dataset.dir : "auto";
    box.lang = verb === "edit" ? main().dataset.locale : "";
    box.focus();
  };

  const close = (row) => {
    row.querySelector(".form").hidden = true;
    row.focus();
  };

  // Put the new page in the old one's place; what somebody is typing elsewhere stays.
  const show = (text, saved) => {
    const typed = rows().filter((row) => !row.querySelector(".form").hidden && number(row) !== saved)
      .map((row) => [number(row), row.querySelector(".form").dataset.verb, row.querySelector("textarea").value]);
    const at = here(), typing = document.activeElement.tagName === "TEXTAREA" && number(at) !== saved ? number(at) : 0;
    const page = new DOMParser().parseFromString(text, "text/html");
    main().replaceWith(document.adoptNode(page.querySelector("main")));
    document.title = page.title;
    history.replaceState(null, "", `/segments/${main().dataset.ref}`);
    for (const [n, verb, words] of typed) if (find(n)) open(find(n), verb, words);
    if (typing) find(typing)?.querySelector("textarea").focus();
    return typing > 0;
  };

  const send = async (asked, then, done, saved = 0) => {
    let typing = false;
    try {
      const answer = await fetch(`/segments/${main().dataset.ref}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(asked),
      });
      if (!answer.ok) {
        const why = await answer.json().catch(() => ({}));
        return said(typeof why.error === "string" ? why.error : "That was not understood. Nothing was changed.");
      }
      typing = show(await answer.text(), saved);
      said(done);
    } catch {
      return said("Greenroom does not answer. Nothing was changed here; look again once it runs.");
    }
    if (!typing) go(then);
  };

  // One after the other: a second key meets the page that the first one left.
  const ask = (make, then, done, saved) => {
    waiting = waiting.then(() => { const asked = make(); return asked ? send(asked, then, done, saved) : undefined; });
  };

  const approve = (row) => {
    const n = number(row), shown = row.dataset.sha;
    if (!row.dataset.target) return said(`Segment ${n} has no translation yet.`);
    ask(() => (find(n)?.dataset.sha === shown ? { verb: "approve", segment: String(n), shown } : null), n + 1, `Segment ${n} is approved.`);
    if (find(n + 1)) go(n + 1);
  };

  const undo = (row) => {
    const n = number(row);
    ask(() => (find(n)?.dataset.approval ? { verb: "undo", act: find(n).dataset.approval } : null), n, "Taken back.");
  };

  const save = (row) => {
    const form = row.querySelector(".form"), n = number(row), shown = row.dataset.sha, verb = form.dataset.verb;
    const text = form.querySelector("textarea").value;
    ask(() => ({ verb, segment: String(n), shown, text }), n, verb === "edit" ? `Segment ${n} is worded anew.` : "The comment is kept.", n);
  };

  const act = (row, what) => {
    if (what === "approve") approve(row);
    else if (what === "edit") open(row, "edit", row.dataset.target);
    else if (what === "comment") open(row, "comment", "");
    else if (what === "undo") undo(row);
    else if (what === "use") open(row, "edit", row.dataset.reuse);
    else if (what === "save") save(row);
    else if (what === "cancel") close(row);
  };

  const DONE = { update: "It is up to its source now.", approve_all: "Approved.", back: "Translated back." };
  const KEYS = { a: "approve", e: "edit", c: "comment", u: "undo" };

  document.addEventListener("keydown", (event) => {
    const row = here();
    if (event.isComposing) return;
    if (event.target.tagName === "TEXTAREA") {
      if (event.key === "Escape") close(row);
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); save(row); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j") go(row ? number(row) + 1 : 1);
    else if (event.key === "k") go(row ? Math.max(1, number(row) - 1) : 1);
    else if (row && KEYS[event.key] && !event.repeat) { event.preventDefault(); act(row, KEYS[event.key]); }
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-act]");
    if (!button) return;
    const row = button.closest("li"), what = button.dataset.act;
    if (row) act(row, what);
    else ask(() => ({ verb: what }), 1, DONE[what]);
  });
})();
