/* Optional comfort for the lineage picture: follow a card's way to the record asked about, open a stacked card's list in
   place, and change the size. Without it nothing is lost: every card and number is a link. */
"use strict";

const CARD = ".boxes a:not(.n)";

for (const view of document.querySelectorAll(".lineage-view")) {
  const svg = view.querySelector(".lineage-picture");
  if (svg) {
    follow(svg);
    openInPlace(view, svg);
    resize(view, svg);
  }
}

/* Highlight every line between a card and the record asked about while it is pointed at or focused. */
function follow(svg) {
  const cards = [...svg.querySelectorAll(CARD)];
  const lines = [...svg.querySelectorAll("path[data-ends]")].flatMap(apart);
  const root = cards.findIndex((card) => card.querySelector('use[href$="f"]'));
  const rootIsLeft = lines.some((one) => one.left === root) || !lines.some((one) => one.right === root);

  function wayToRoot(number) {
    const seen = new Set([number]);
    const waiting = [number];
    const way = [];
    while (waiting.length) {
      const here = waiting.pop();
      for (const one of lines) {
        const [near, far] = rootIsLeft ? [one.left, one.right] : [one.right, one.left];
        if (far === here) {
          way.push(one.line);
          if (!seen.has(near)) {
            seen.add(near);
            waiting.push(near);
          }
        }
      }
    }
    return way;
  }

  function show(event) {
    const card = cards.indexOf(event.target.closest("a"));
    clear();
    if (card >= 0 && card !== root) {
      wayToRoot(card).forEach((line) => line.classList.add("near"));
      svg.classList.add("followed");
    }
  }

  function clear() {
    svg.classList.remove("followed");
    svg.querySelectorAll(".near").forEach((line) => line.classList.remove("near"));
  }

  svg.addEventListener("pointerover", show);
  svg.addEventListener("focusin", show);
  svg.addEventListener("pointerleave", clear);
  svg.addEventListener("focusout", clear);
}

/* Take the lines of a status apart: one path draws them all, and names the cards that each joins. */
function apart(path) {
  const ends = path.dataset.ends.split(" ").map(Number);
  const group = document.createElementNS(path.namespaceURI, "g");
  group.setAttribute("class", path.getAttribute("class"));
  path.replaceWith(group);
  return path.getAttribute("d").match(/M[^M]+/g).map((way, at) => {
    const line = document.createElementNS(path.namespaceURI, "path");
    line.setAttribute("d", way);
    group.append(line);
    return { line, left: ends[2 * at], right: ends[2 * at + 1] };
  });
}

/* Show the list behind a stacked card below the picture; where it cannot be had, follow the link as without a script. */
function openInPlace(view, svg) {
  svg.addEventListener("click", async (event) => {
    const card = event.target.closest(CARD);
    if (!card?.querySelector('use[href$="g"]') || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    event.preventDefault();
    const address = card.getAttribute("href");
    try {
      const answer = await fetch(address);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const lists = page.querySelectorAll("main .nodes");
      if (!answer.ok || !lists.length) {
        throw new Error("no list");
      }
      place(view, card, address, [...lists]);
    } catch {
      window.location.assign(address);
    }
  });
}

function place(view, card, address, lists) {
  view.parentElement.querySelector(".lineage-list")?.remove();
  const panel = document.createElement("section");
  panel.className = "lineage-list";
  panel.tabIndex = -1;
  panel.setAttribute("aria-label", card.querySelector("title").textContent);
  const whole = document.createElement("a");
  whole.href = address;
  whole.textContent = "Open this list with its evidence";
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn q";
  close.textContent = "Close";
  close.addEventListener("click", () => {
    panel.remove();
    card.focus();
  });
  lists.forEach((list) => list.querySelectorAll("[id]").forEach((one) => one.removeAttribute("id")));
  panel.append(...lists, whole, document.createTextNode(" "), close);
  view.after(panel);
  panel.focus();
}

/* Buttons for the size; dragging and scrolling are the browser's own. */
function resize(view, svg) {
  const width = svg.width.baseVal.value;
  const height = svg.height.baseVal.value;
  let scale = 1;
  const tools = document.createElement("p");
  tools.className = "lineage-tools";

  function setScale(wanted) {
    scale = Math.min(3, Math.max(0.3, wanted));
    svg.setAttribute("width", width * scale);
    svg.setAttribute("height", height * scale);
  }

  const acts = [
    ["Larger", () => setScale(scale * 1.25)],
    ["Smaller", () => setScale(scale / 1.25)],
    ["Fit", () => setScale((view.clientWidth - 16) / width)],
  ];
  for (const [label, act] of acts) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn q";
    button.textContent = label;
    button.addEventListener("click", act);
    tools.append(button);
  }
  view.before(tools);
}
