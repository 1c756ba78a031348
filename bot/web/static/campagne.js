// Writing a campaign: what is typed is seen at once, as a card in Teams and as one on the web. What is right, and what can
// be easier, the server says: the same page part as without this script.
"use strict";

(() => {
  const form = document.getElementById("schrijf");
  const picture = form.elements.beeld;
  const CHOSEN = "/beeld/gekozen";
  const WIDEST = 1600; // Points of a photo on its longest side.
  const PAUSE = 500; // Milliseconds of not typing.
  const ink = { default: "#242424", subtle: "#616161" };
  const colours = {
    default: ink, dark: ink, light: { default: "#ffffff", subtle: "#f0f0f0" }, accent: { default: "#5b5fc7", subtle: "#5b5fc7" },
    good: { default: "#13a10e", subtle: "#13a10e" }, warning: { default: "#835b00", subtle: "#835b00" },
    attention: { default: "#c4314b", subtle: "#c4314b" },
  };
  const fonts = "'Segoe UI', system-ui, sans-serif";
  const ours = moiCards("var(--fonts)");
  // As Teams draws a card in its light colours, about.
  const teams = {
    ...moiCards(fonts),
    fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
    lineHeights: { small: 16, default: 20, medium: 22, large: 24, extraLarge: 32 },
    spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
    containerStyles: {
      default: { backgroundColor: "#ffffff", foregroundColors: colours },
      emphasis: { backgroundColor: "#fafafa", foregroundColors: colours },
    },
  };
  const looks = [["teams", "In Teams, ongeveer", teams], ["web", "Op het intranet", ours]];
  let chosen = "";
  let asked = 0;
  let timer;

  const { AdaptiveCard, HostConfig } = AdaptiveCards;
  // Only a heading may hold Markdown, and in ours it is escaped.
  AdaptiveCard.onProcessMarkdown = (text, result) => {
    const words = text.replace(/\\(.)/g, "$1");
    result.outputHtml = Object.assign(document.createElement("p"), { textContent: words }).innerHTML;
    result.didProcess = true;
  };

  function drawn(made, look) {
    // Its pattern remembers where it was, and so refuses every second card.
    AdaptiveCard.langProperty.regEx.lastIndex = 0;
    const card = new AdaptiveCard();
    card.hostConfig = new HostConfig(look);
    for (const block of made.body) if (block.url?.endsWith(CHOSEN)) block.url = chosen;
    card.parse(made);
    return card.render();
  }

  function draw(part) {
    const cards = JSON.parse(part.dataset.cards);
    const both = Object.assign(document.createElement("div"), { className: "both" });
    for (const [name, title, look] of looks) {
      const one = Object.assign(document.createElement("figure"), { className: `on-${name}` });
      const place = document.createElement("div");
      // For the eyes: whoever listens has the same in words.
      place.inert = true;
      place.append(drawn(cards[name], look));
      one.append(Object.assign(document.createElement("figcaption"), { textContent: title }), place);
      both.append(one);
    }
    const words = part.querySelector(".message");
    words.classList.add("unseen");
    words.before(both);
  }

  function show(part) {
    for (const image of part.querySelectorAll(`img[src$="${CHOSEN}"]`)) image.src = chosen;
    draw(part);
  }

  async function look() {
    const mine = ++asked;
    const written = new FormData(form);
    written.delete("beeld");
    if (chosen) written.set("gekozen", "ja");
    const answer = await fetch(`${form.action}/voorbeeld`, { method: "POST", body: written });
    // Another answer may have been faster; and without one what is shown stays, until there is one.
    if (!answer.ok || mine !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const part = document.adoptNode(page.getElementById("nu"));
    show(part);
    document.getElementById("nu").replaceWith(part);
  }

  // Only what goes with the kind of button that was chosen.
  for (const kind of form.querySelectorAll("select.kind")) {
    const fields = kind.closest("fieldset").querySelectorAll("label[data-for]");
    const fit = () => fields.forEach((field) => (field.hidden = field.dataset.for !== kind.value));
    kind.addEventListener("change", fit);
    fit();
  }
  // A photo is as large as the phone made it, and may lie on its side: it is drawn again, smaller and upright.
  async function fitted(file) {
    if (file.type === "image/png" && file.size <= Number(picture.dataset.largest)) return file;
    const whole = await createImageBitmap(file);
    const scale = Math.min(1, WIDEST / Math.max(whole.width, whole.height));
    const canvas = Object.assign(document.createElement("canvas"), {
      width: Math.round(whole.width * scale),
      height: Math.round(whole.height * scale),
    });
    canvas.getContext("2d").drawImage(whole, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return new File([blob], "beeld.jpg", { type: "image/jpeg" });
  }

  async function choose() {
    if (chosen) URL.revokeObjectURL(chosen);
    chosen = "";
    const [file] = picture.files;
    if (file) {
      // What cannot be drawn is no picture; the server says so.
      const good = await fitted(file).catch(() => undefined);
      if (picture.files[0] !== file || !good) return;
      if (good !== file) {
        const files = new DataTransfer();
        files.items.add(good);
        picture.files = files.files;
      }
      chosen = URL.createObjectURL(good);
    }
    await look();
  }

  picture.addEventListener("change", () => choose().catch(() => {}));
  // Everything else on the page works with what is kept, so whoever typed something is asked first.
  const stay = (event) => event.preventDefault();
  form.addEventListener("submit", () => removeEventListener("beforeunload", stay));
  form.addEventListener("input", () => {
    addEventListener("beforeunload", stay);
    clearTimeout(timer);
    timer = setTimeout(() => look().catch(() => {}), PAUSE);
  });
  show(document.getElementById("nu"));
})();
