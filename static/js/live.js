/* The live page: asks every five seconds whether anything is new, counts down, plays what phones cannot play by themselves. */
(() => {
  const live = document.getElementById("live");
  const EVERY = 5000;
  let tag = `"${live.dataset.tag}"`, wait = EVERY;

  const begin = (video) => {
    const url = video.dataset.hls;
    if (video.canPlayType("application/vnd.apple.mpegurl")) return (video.src = url);
    const attach = () => {
      if (!window.Hls?.isSupported()) return;
      const player = new window.Hls({ enableWorker: false }); /* a worker would need a door in the policy */
      player.loadSource(url);
      player.attachMedia(video);
    };
    if (window.Hls) return attach();
    const library = document.createElement("script");
    library.src = video.dataset.library;
    library.onload = attach;
    document.head.append(library);
  };
  const furnish = () => live.querySelectorAll("video[data-hls]").forEach(begin);

  const count = () => {
    const place = live.querySelector("[data-countdown]");
    const left = place ? Math.floor((new Date(place.dataset.countdown) - Date.now()) / 1000) : -1;
    if (place && left < 86400) {
      const two = (number) => String(Math.max(0, number)).padStart(2, "0");
      place.textContent = left > 0 ? `还有 ${two(Math.floor(left / 3600))}:${two(Math.floor(left / 60) % 60)}:${two(left % 60)}` : "马上开始";
    }
  };

  const show = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const stage = live.querySelector("#stage"), questions = live.querySelector("#questions");
    const next = fresh.getElementById("stage");
    if (next.dataset.picture !== stage.dataset.picture) {
      stage.replaceWith(next);
      furnish();
      /* what one may do changes with the stage; a thousand pages that load anew at the same moment would not help anybody */
      for (const each of document.querySelectorAll("[data-while]")) each.hidden = !each.dataset.while.split(" ").includes(next.dataset.stage);
    }
    const pushed = [...questions.querySelectorAll("[aria-pressed=true]")].map((button) => button.closest("li").id);
    const focused = questions.contains(document.activeElement) && document.activeElement.closest("li")?.id;
    questions.replaceWith(fresh.getElementById("questions"));
    for (const id of pushed) {
      const button = document.getElementById(id)?.querySelector("[aria-pressed]");
      button?.setAttribute("aria-pressed", "true");
      if (button) button.value = "off";
    }
    window.htmx?.process(live);
    if (focused) document.getElementById(focused)?.querySelector("button")?.focus({ preventScroll: true });
  };

  const ask = async () => {
    if (!document.hidden) {
      try {
        const answer = await fetch(live.dataset.now, { cache: "no-store", headers: { "If-None-Match": tag } });
        if (answer.status === 200) {
          tag = answer.headers.get("ETag") ?? "";
          show(await answer.text());
        } else if (answer.status === 404) return location.reload(); /* called off or taken away: the page says so */
        wait = EVERY;
      } catch {
        wait = Math.min(wait * 2, 60000); /* no network: ask less and less often */
      }
    }
    setTimeout(ask, wait + Math.random() * 500);
  };

  document.addEventListener("click", ({ target }) => {
    const video = target.matches("[data-seek]") && live.querySelector("video");
    if (!video) return;
    video.currentTime = Number(target.dataset.seek);
    video.play();
  });
  furnish();
  count();
  setInterval(count, 1000);
  if (live.dataset.now) setTimeout(ask, EVERY + Math.random() * 1000);
})();
