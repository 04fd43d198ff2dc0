// While an issue is written: public issues like it, and records by their names. The form asks the same when it is sent,
// so without this nothing is lost.
(() => {
  "use strict";
  const WAIT = 350;
  const later = (act) => {
    let timer;
    return (...given) => { clearTimeout(timer); timer = setTimeout(act, WAIT, ...given); };
  };
  const asked = async (path, parameters) => {
    const answer = await fetch(`${path}?${new URLSearchParams(parameters)}`, { headers: { Accept: "application/json" } });
    return answer.ok ? (await answer.json()).results : [];
  };

  const title = document.querySelector("form.fm input[name=title]");
  if (title) {
    const box = document.createElement("div");
    box.className = "similar";
    box.setAttribute("role", "status");
    title.after(box);
    const look = later(async () => {
      const found = title.value.trim().length < 8 ? [] : await asked("/api/v1/similar-issues/", { title: title.value.trim() });
      box.replaceChildren();
      if (!found.length) return;
      const lead = document.createElement("p");
      lead.textContent = "On record already, and perhaps the same:";
      const list = document.createElement("ul");
      for (const issue of found) {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = new URL(issue.url).pathname;
        link.target = "_blank";
        link.rel = "noopener";
        link.textContent = issue.name;
        item.append(link);
        list.append(item);
      }
      box.append(lead, list);
    });
    title.addEventListener("input", look);
    if (title.value) look();
  }

  document.querySelectorAll("form.fm input[name$='-record'], form.fm input[name='record']").forEach((field, at) => {
    const list = document.createElement("datalist");
    list.id = `records-${at}`;
    field.setAttribute("list", list.id);
    field.autocomplete = "off";
    field.after(list);
    field.addEventListener("input", later(async () => {
      const text = field.value.trim();
      if (text.length < 2 || /^UP-[A-Z]+-\d+$/.test(text)) return;
      const found = await asked("/api/v1/records/", { q: text, page_size: 8 });
      list.replaceChildren(...found.map((record) => {
        const option = document.createElement("option");
        option.value = record.id;
        option.textContent = `${record.name} (${record.kind})`;
        return option;
      }));
    }));
  });
})();
