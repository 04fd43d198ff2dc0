// Keys for the inbox. Each presses a button or follows a link that stands on the page, so without this nothing is lost.
(() => {
  "use strict";
  const KEYS = { a: "report", e: "evidence", i: "issue", x: "ignore", m: "mute", u: "undo", o: "open" };
  const entries = [...document.querySelectorAll("[data-entry]")];
  const list = document.querySelector("[data-keys]");
  entries.forEach((entry, at) => {
    const after = entry.querySelector("input[name=next]");
    const next = entries[at + 1] || entries[at - 1];
    if (after && next) after.value = next.id.slice(1);
  });

  const current = () => document.activeElement && document.activeElement.closest("[data-entry]");
  const show = (entry) => { entry.focus({ preventScroll: true }); entry.scrollIntoView({ block: "nearest" }); };
  const step = (by) => {
    const at = entries.indexOf(current());
    const next = entries[at < 0 ? (by > 0 ? 0 : entries.length - 1) : Math.min(entries.length - 1, Math.max(0, at + by))];
    show(next);
  };

  let before = null;
  const open = () => { before = document.activeElement; list.open = true; list.querySelector("summary").focus(); };
  const close = () => { list.open = false; if (before) before.focus(); };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "?" && list) { event.preventDefault(); (list.open ? close : open)(); return; }
    if (event.key === "Escape" && list && list.open) { close(); return; }
    if ((event.key === "j" || event.key === "k") && entries.length) { event.preventDefault(); step(event.key === "j" ? 1 : -1); return; }
    const entry = current();
    const act = KEYS[event.key] && `[data-act=${KEYS[event.key]}]`;
    // What was decided has left the list: undoing is for the newest decision, wherever one stands.
    const control = act && ((entry && entry.querySelector(act)) || (event.key === "u" && document.querySelector(act)));
    if (control) { event.preventDefault(); control.click(); }
  });

  const here = location.hash && document.querySelector(location.hash);
  if (here && here.matches("[data-entry]")) show(here);
})();
