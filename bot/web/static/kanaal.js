// The procurement channel stays up to date: changed posts are replaced in place, new ones come on top.
"use strict";

(() => {
  const list = document.getElementById("posts");
  const news = document.getElementById("news");

  async function refresh() {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = [...page.querySelectorAll("#posts > .post")];
    let added = 0;
    let changed = 0;
    let before = list.firstElementChild;
    for (const post of now) {
      const old = document.getElementById(post.id);
      if (!old) {
        post.classList.add("new");
        list.insertBefore(post, before);
        added += 1;
        continue;
      }
      // A post that is being read keeps its place and its focus.
      if (old.dataset.version === post.dataset.version) {
        before = old.nextElementSibling;
        continue;
      }
      // A question that is being typed is not lost; the post follows once it was sent.
      if (old.querySelector("textarea")?.value) {
        before = old.nextElementSibling;
        continue;
      }
      const focused = old.contains(document.activeElement);
      old.replaceWith(post);
      if (focused) post.querySelector("a")?.focus();
      before = post.nextElementSibling;
      changed += 1;
    }
    if (now.length) list.querySelector(".empty")?.remove();
    const said = [];
    if (added) said.push(added === 1 ? "1 nieuwe samenvatting" : `${added} nieuwe samenvattingen`);
    if (changed) said.push(`${changed} bijgewerkt`);
    if (said.length) news.textContent = `${said.join(", ")}.`;
  }

  const live = new EventSource(`${location.pathname}/live?na=${list.dataset.revision}`);
  let running = Promise.resolve();
  live.addEventListener("changed", () => {
    running = running.then(refresh).catch(() => {});
  });
})();
