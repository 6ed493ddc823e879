"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const said = document.getElementById("said");
  const tip = document.getElementById("tip");
  const find = document.getElementById("find");
  const kind = document.getElementById("kind");

  /* Sorting: rows without a value come last, and rows that are not ranked stay below. */
  const inOrder = (one, other, ascending) => {
    const [a, b] = [one.dataset.v, other.dataset.v];
    if (a === undefined || b === undefined) return (a === undefined) - (b === undefined);
    const [x, y] = [Number(a), Number(b)];
    const order = Number.isNaN(x) || Number.isNaN(y)
      ? a.localeCompare(b, undefined, { numeric: true, sensitivity: "base" })
      : x - y;
    return ascending ? order : -order;
  };

  const sort = (head, ascending) => {
    const table = head.closest("table");
    const place = head.cellIndex;
    for (const body of table.tBodies) {
      const rows = [...body.rows].filter((row) => !row.classList.contains("divider"));
      rows.sort((a, b) => inOrder(a.cells[place], b.cells[place], ascending));
      body.append(...rows);
    }
    for (const other of all("th[aria-sort]", table)) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
  };

  document.addEventListener("click", (event) => {
    const head = event.target.closest("thead button")?.closest("th");
    if (!head) return;
    const now = head.getAttribute("aria-sort");
    const ascending = now ? now === "descending" : head.dataset.d === "asc";
    for (const same of all(`th[data-k="${head.dataset.k}"]`)) sort(same, ascending);
    const name = head.innerText.replace(/\s+/g, " ").replace(/[▲▼]/g, "").trim();
    said.textContent = `sorted by ${name}, ${ascending ? "ascending" : "descending"}`;
  });

  /* Filtering by words of the judge's name or run, and by kind. */
  const filter = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const shown of all("[data-kind]")) {
      const fits = words.every((word) => shown.dataset.text.includes(word));
      const meant = !kind.value || shown.dataset.kind === kind.value;
      shown.toggleAttribute("data-out", !(fits && meant));
    }
    count();
  };

  const count = () => {
    const rows = all(".view:not([hidden]) tr[data-kind]");
    const left = rows.filter((row) => !row.hasAttribute("data-out")).length;
    said.textContent = left === rows.length ? `${left} rows` : `${left} of ${rows.length} rows`;
  };

  find.addEventListener("input", filter);
  kind.addEventListener("change", filter);
  find.form.addEventListener("submit", (event) => event.preventDefault());

  const choose = () => {
    const chosen = document.querySelector("input[name=scorecard]:checked");
    for (const view of all(".view")) view.hidden = view.dataset.card !== chosen.value;
    count();
  };

  for (const radio of all("input[name=scorecard]")) radio.addEventListener("change", choose);

  /* A tooltip with exact figures for the element that is pointed at or focused; Escape hides it. */
  let tipped = null;
  const words = (target) => {
    if (target.dataset.tip) return target.dataset.tip;
    if (!target.dataset.l) return target.getAttribute("aria-label").replaceAll("; ", "\n");
    const exact = target.dataset.v === undefined ? "not available"
      : Number(target.dataset.v).toFixed(4);
    return `${target.dataset.l}: ${exact}`;
  };

  const show = (target) => {
    tipped = target;
    tip.hidden = !target;
    if (!target) return;
    tip.textContent = words(target);
    const box = target.getBoundingClientRect();
    const own = tip.getBoundingClientRect();
    const left = Math.min(Math.max(4, box.left + box.width / 2 - own.width / 2),
      document.documentElement.clientWidth - own.width - 4);
    const above = box.top - own.height - 6;
    tip.style.transform = `translate(${left}px, ${above < 4 ? box.bottom + 6 : above}px)`;
  };

  const tippable = (event) => (event.target instanceof Element
    ? event.target.closest("[data-tip], td.figure") : null);
  document.addEventListener("pointerover", (event) => {
    const target = tippable(event);
    if (target !== tipped) show(target);
  });
  document.addEventListener("pointerleave", () => show(null));
  document.addEventListener("focusin", (event) => {
    if (event.target.matches(":focus-visible")) show(tippable(event));
  });
  document.addEventListener("focusout", () => show(null));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") show(null); });
  document.addEventListener("scroll", () => show(null), { passive: true, capture: true });

  choose();
})();
