/* What a form alone cannot do: a toast, a sheet, photos one by one with progress. Everything works without this file. */
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const elder = () => root.dataset.look === "elder";

  /* one place for short messages; in 长辈版 they stay until closed */
  let timer;
  const toast = (text, kind = "ok") => {
    const box = document.getElementById("toast");
    clearTimeout(timer);
    box.className = `toast on ${kind}`;
    box.textContent = text;
    if (elder()) {
      const close = document.createElement("button");
      close.textContent = "知道了";
      close.onclick = () => (box.className = "toast");
      box.append(close);
    } else {
      timer = setTimeout(() => (box.className = "toast"), kind === "error" ? 6000 : 3000);
    }
  };
  document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.kind));
  document.addEventListener("htmx:sendError", () => toast("网络不好，已帮你记下，请稍后再按一次", "error"));
  document.addEventListener("htmx:timeout", () => toast("网络有点慢，已帮你记下，请再按一次", "error"));
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    if (!xhr.getResponseHeader("HX-Trigger") && !xhr.getResponseHeader("HX-Redirect")) toast("没有成功，请再试一次", "error");
  });

  /* the heart turns at once; the answer corrects it, a failure turns it back */
  const flip = (button) => button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") === "true" ? "false" : "true");
  document.addEventListener("htmx:beforeRequest", (event) => event.target.matches("button.like") && flip(event.target));
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(name, (event) => event.target.matches("button.like") && flip(event.target));
  }

  /* a swap may take away what had the focus: the reader goes on at what came in its place, or at the field that is wrong */
  const stand = (element) => {
    if (element.tabIndex < 0) element.tabIndex = -1;
    element.focus({ preventScroll: true });
  };
  const places = new WeakMap();
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    const { parentElement: parent } = detail.target;
    places.set(detail.xhr, { parent, index: parent && [...parent.children].indexOf(detail.target) });
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const active = document.activeElement;
    if (!detail.requestConfig.triggeringEvent) return; /* nobody tapped: a part that asks again by itself */
    const { parent, index } = places.get(detail.xhr) ?? {};
    if (!parent?.isConnected || (active && active !== document.body)) return;
    const came = parent.children[index] ?? parent.closest("fieldset") ?? parent;
    const said = detail.successful && detail.requestConfig.elt.matches("form.say") && came.querySelector(".comments > li:last-child");
    stand(came.querySelector("[aria-invalid=true]") ?? (said || came));
  });
  document.addEventListener("htmx:afterSwap", ({ target }) => target.querySelector?.("[aria-invalid=true]")?.focus());
  document.querySelector("[aria-invalid=true]")?.focus();

  /* one tick ticks them all; what can be undone for ten seconds says so no longer */
  document.addEventListener("change", ({ target }) => {
    const { ticks } = target.dataset ?? {};
    if (ticks) document.querySelectorAll(`input[name="${ticks}"]`).forEach((each) => (each.checked = target.checked));
  });
  document.addEventListener("htmx:load", ({ target }) => {
    const undo = target.matches?.(".done, #ballot") && target.querySelector(".undo");
    if (undo) setTimeout(() => undo.remove(), 10_000);
  });

  /* the code on a screen gives way to the next one by itself, with or without the network */
  const turn = (box) => {
    const steps = [...box.querySelectorAll("[data-left]")], since = Date.now();
    const show = () => {
      if (!box.isConnected) return;
      const now = steps.find((step) => step.dataset.left > (Date.now() - since) / 1000);
      for (const step of steps) step.hidden = step !== now;
      box.querySelector("[data-over]").hidden = Boolean(now);
      setTimeout(show, 500);
    };
    show();
  };
  document.addEventListener("htmx:load", ({ target }) => {
    for (const box of target.matches?.("[data-steps]") ? [target] : target.querySelectorAll?.("[data-steps]") ?? []) turn(box);
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    const sheet = opener && document.getElementById(opener.dataset.opens);
    if (sheet?.showModal) {
      event.preventDefault();
      sheet.showModal();
    } else if (event.target.matches("dialog.sheet") && event.clientY < event.target.getBoundingClientRect().top) {
      event.target.close();
    }
  });
  addEventListener("pagehide", () => document.querySelector("dialog[open]")?.close());

  /* words to take along: the old way where a page may not write to the clipboard (WeChat, plain http) */
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copies]");
    if (!button) return;
    const box = document.getElementById(button.dataset.copies);
    try {
      await navigator.clipboard.writeText(box.value);
    } catch {
      box.focus();
      box.select();
      if (!document.execCommand("copy")) return toast("请长按文字，自己复制一下", "error");
    }
    toast(button.dataset.copied);
  });

  /* the photo tray: each file travels alone, shows how far it is, and may be sent again */
  const send = (tray, file, place) => {
    const data = new FormData();
    data.append("csrf_token", tray.form.csrf_token.value);
    tray.querySelectorAll("input[name=photo]").forEach((input) => data.append("photo", input.value));
    data.append("file", file);
    place.innerHTML = '<span class="note">正在上传</span><progress max="100" value="0" aria-label="上传进度"></progress>';
    const request = new XMLHttpRequest();
    request.open("POST", tray.dataset.url);
    request.setRequestHeader("HX-Request", "true");
    request.upload.onprogress = (event) => {
      const part = event.lengthComputable ? (event.loaded / event.total) * 100 : 50;
      place.querySelector("progress").value = part;
      if (part >= 100) place.querySelector(".note").textContent = "正在整理";
    };
    const failed = (sentence, again) => {
      place.innerHTML = '<span class="note"></span><button type="button" class="remove"></button>';
      place.querySelector(".note").textContent = sentence;
      const button = place.querySelector("button");
      button.textContent = again ? "再传一次" : "去掉";
      button.onclick = () => (again ? send(tray, file, place) : place.remove());
    };
    request.onload = () => {
      const away = request.getResponseHeader("HX-Redirect");
      if (away) location.href = away;
      else if (request.status === 200) {
        place.outerHTML = request.responseText;
        window.htmx?.process(tray);
      } else {
        let said = "没有传成功";
        try { said = JSON.parse(request.getResponseHeader("HX-Trigger")).toast.text; } catch { /* a proxy answered */ }
        failed(said, request.status >= 500);
      }
    };
    request.onerror = request.ontimeout = () => failed("网络不好", true);
    request.timeout = 120000;
    request.send(data);
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!event.target.matches("form") || !event.target.querySelector(".tray progress")) return;
    event.preventDefault();
    toast("照片还在上传，传好了再按一次", "error");
  });
  document.addEventListener("change", (event) => {
    const tray = event.target.closest(".tray");
    if (!tray || event.target.type !== "file") return;
    const list = tray.querySelector("ul");
    for (const file of event.target.files) {
      const place = document.createElement("li");
      place.className = "tray-photo";
      list.append(place);
      send(tray, file, place);
    }
    event.target.value = "";
  });
})();
