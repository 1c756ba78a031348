// A package can be shared and printed with one press; without scripts the browser does both.
"use strict";

(() => {
  const copy = document.getElementById("copy");
  const print = document.getElementById("print");
  const said = document.getElementById("copied");

  print.hidden = false;
  print.addEventListener("click", () => window.print());

  // Only where the page may write to the clipboard, which is on https and on this machine.
  if (navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(location.href);
        said.textContent = "Link gekopieerd.";
      } catch {
        said.textContent = "Kopiëren lukt niet. Neem het adres over uit de adresbalk.";
      }
    });
  }
})();
