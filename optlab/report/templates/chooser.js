// The chooser hides and shows optimizers in all figures and tables at once. The performance profile and the AlgoPerf
// score compare with the fastest of those shown, so both are worked out again.
const chooser = document.getElementById("chooser");
if (chooser) {
  const boxes = [...chooser.querySelectorAll("input")];
  const owned = [...document.querySelectorAll("[data-of]")].map((part) => [part, part.dataset.of.split(" ")]);
  const { optimizers, times, limit } = JSON.parse(document.getElementById("times").textContent);

  // (instance x optimizer) time over the least time of the instance; null, a failure, becomes Infinity.
  const ratios = (shown) => times.map((row) => {
    const own = row.map((time, column) => shown.has(optimizers[column]) ? time ?? Infinity : Infinity);
    const best = Math.min(...own);
    return own.map((time) => time === Infinity ? Infinity : time === best ? 1 : time / best);
  });

  // Dolan and Moré's profile of one optimizer as the path of a step function in the frame of the axes.
  const profile = (axes, own) => {
    const frame = axes.querySelector("path").getAttribute("d").match(/-?[\d.]+/g).map(Number);
    const [left, right] = [Math.min(frame[0], frame[2]), Math.max(frame[0], frame[2])];
    const [bottom, top] = [Math.max(frame[1], frame[5]), Math.min(frame[1], frame[5])];
    const [x0, x1, y0, y1] = axes.id.split(":").slice(1).map(Number);
    const at = (ratio) => left + (right - left) * Math.log(ratio / x0) / Math.log(x1 / x0);
    const level = (share) => bottom + (top - bottom) * (share - y0) / (y1 - y0);
    const finite = own.filter((ratio) => ratio <= x1).sort((a, b) => a - b);
    const share = (ratio) => finite.filter((other) => other <= ratio).length / own.length;
    let path = `M ${left} ${level(share(1))}`;
    for (const ratio of new Set(finite)) if (ratio > 1) path += ` H ${at(ratio)} V ${level(share(ratio))}`;
    return `${path} H ${right}`;
  };

  const update = () => {
    const shown = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const all = shown.size === boxes.length;
    chooser.querySelector("summary span").textContent = all ? "" : `${shown.size} of ${boxes.length}`;
    for (const [part, owners] of owned) {
      const seen = owners.filter((name) => shown.has(name)).length;
      part.classList.toggle("off", seen < Math.min(2, owners.length)); // what compares needs two to be compared
    }
    chooser.querySelector("button").disabled = all;
    chooser.querySelector("output").textContent =
      all ? "" : "Flags, findings, ranks, verdicts and critical differences are still those of all optimizers.";
    const table = ratios(shown);
    for (const axes of document.querySelectorAll("[id*='performance-profile:']")) {
      for (const part of axes.querySelectorAll("[data-of]")) {
        const line = part.querySelector("path");
        const column = optimizers.indexOf(part.dataset.of);
        if (part.dataset.kind === undefined) {
          part.dataset.kind = /fill:\s*none/.test(line.getAttribute("style")) ? "line" : "band";
          part.dataset.path = line.getAttribute("d");
        }
        if (part.dataset.kind === "band") part.classList.toggle("off", !all);
        else line.setAttribute("d", all ? part.dataset.path : profile(axes, table.map((row) => row[column])));
      }
    }
    for (const cell of document.querySelectorAll("[data-score]")) {
      const column = optimizers.indexOf(cell.dataset.score);
      cell.dataset.text ??= cell.innerHTML;
      const areas = table.map((row) => Math.min(Math.max(limit - row[column], 0), limit - 1) / (limit - 1));
      const score = areas.reduce((sum, area) => sum + area, 0) / areas.length;
      if (all) cell.innerHTML = cell.dataset.text;
      else cell.textContent = shown.size > 1 && shown.has(cell.dataset.score) ? score.toPrecision(3) : "";
    }
  };
  chooser.hidden = false;
  chooser.addEventListener("change", update);
  chooser.querySelector("button").addEventListener("click", () => {
    for (const box of boxes) box.checked = true;
    update();
  });
  update();
}
