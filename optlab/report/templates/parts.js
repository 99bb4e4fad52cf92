// What is linked to is unfolded, and so is everything on paper.
{
  const unfold = (hash) => {
    const part = hash && document.getElementById(decodeURIComponent(hash.slice(1)));
    const folds = part ? [part.querySelector("details.part"), part.closest("details.part")] : [];
    for (const fold of folds) if (fold) fold.open = true;
  };
  addEventListener("hashchange", () => unfold(location.hash));
  for (const link of document.querySelectorAll("a[href^='#']")) link.addEventListener("click", () => unfold(link.hash));
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("main details:not([open])")];
    for (const fold of folded) fold.open = true;
  });
  addEventListener("afterprint", () => { for (const fold of folded) fold.open = false; });
  unfold(location.hash);
}
