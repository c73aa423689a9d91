internal import Groundwork

/// The replay player of the report: a canvas, its controls, and the script that runs all players of a page.
enum ReplayPlayer {
  /// One player. The movie's data lies beside it in the page; nothing is fetched.
  static func html(_ movie: ReplayMovie) -> String {
    let title = Markup.escaped(movie.title)
    let last = max(0, movie.frames.count - 1)
    return """
      <figure class="player" tabindex="0" aria-label="Replay: \(title). Space plays, arrow keys step.">
      <figcaption>\(title)</figcaption>
      <canvas role="img" aria-label="Frame of the replay"></canvas>
      <div class="controls">
      <button type="button" data-act="back" aria-label="Previous frame">◀</button>
      <button type="button" data-act="play" aria-label="Play or pause">Play</button>
      <button type="button" data-act="next" aria-label="Next frame">▶</button>
      <input type="range" min="0" max="\(last)" value="0" aria-label="Frame">
      <select aria-label="Speed"><option value="0.25">¼×</option><option value="0.5">½×</option>\
      <option value="1" selected>1×</option><option value="2">2×</option><option value="4">4×</option>\
      <option value="16">16×</option></select>
      <output>0 / \(last)</output>
      </div>
      <p class="caption"></p>
      <script type="application/json">\(Markup.script(movie.json.text()))</script>
      </figure>
      """
  }

  /// Runs every player; without script the page keeps its figures and only the replays stand still.
  static let script = """
    document.querySelectorAll('.player').forEach(box => {
      const movie = JSON.parse(box.querySelector('script').textContent);
      const canvas = box.querySelector('canvas'), pen = canvas.getContext('2d');
      const slider = box.querySelector('input'), speed = box.querySelector('select');
      const output = box.querySelector('output'), caption = box.querySelector('.caption');
      const play = box.querySelector('[data-act=play]');
      const frames = [];
      movie.f.forEach(frame => {
        if (Array.isArray(frame)) { frames.push(frame); return; }
        const list = frames[frames.length - 1].slice();
        for (let i = 0; i < frame.d.length; i += 2) list[frame.d[i]] = frame.d[i + 1];
        frames.push(list);
      });
      let at = 0, timer = null, scale = 1;
      const shape = s => {
        pen.fillStyle = pen.strokeStyle = movie.p[s[s.length - 1]];
        if (s[0] === 'r') {
          pen.fillRect(s[1], s[2], s[3], s[4]);
          return;
        }
        if (s[0] === 't' || s[0] === 'c') {
          const inCell = s[0] === 'c';
          pen.font = s[3] * 0.8 + 'px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace';
          pen.textBaseline = 'middle';
          pen.textAlign = inCell ? 'center' : 'left';
          pen.fillText(s[4], s[1], inCell ? s[2] : s[2] + s[3] / 2);
          return;
        }
        pen.beginPath();
        if (s[0] === 'e') pen.ellipse(s[1], s[2], s[3], s[4], 0, 0, 2 * Math.PI);
        if (s[0] === 'p') for (let i = 0; i < s[1].length; i += 2) pen.lineTo(s[1][i], s[1][i + 1]);
        if (s[0] === 'l') { pen.lineWidth = s[5]; pen.moveTo(s[1], s[2]); pen.lineTo(s[3], s[4]); pen.stroke(); }
        else pen.fill();
      };
      const draw = () => {
        pen.setTransform(1, 0, 0, 1, 0, 0);
        pen.clearRect(0, 0, canvas.width, canvas.height);
        pen.setTransform(scale, 0, 0, scale, 0, 0);
        (frames[at] || []).forEach(index => shape(movie.s[index]));
        slider.value = at;
        output.textContent = at + ' / ' + (frames.length - 1);
        caption.textContent = (movie.c[at] || []).join('\\n');
      };
      const size = () => {
        const width = Math.min(box.clientWidth - 2, 460 * movie.w / movie.h, 720);
        const ratio = window.devicePixelRatio || 1;
        canvas.style.width = width + 'px';
        canvas.style.height = width * movie.h / movie.w + 'px';
        canvas.width = Math.max(1, Math.round(width * ratio));
        canvas.height = Math.max(1, Math.round(width * movie.h / movie.w * ratio));
        scale = canvas.width / movie.w;
        draw();
      };
      const go = to => { at = Math.max(0, Math.min(frames.length - 1, to)); draw(); };
      const stop = () => { clearTimeout(timer); timer = null; play.textContent = 'Play'; };
      // A screen shows some 60 pictures a second: of more some are left out, so that the speed is true.
      const pace = () => Math.ceil(movie.fps * speed.value / 60);
      const tick = () => {
        if (at >= frames.length - 1) { stop(); return; }
        const leap = pace();
        go(at + leap);
        timer = setTimeout(tick, 1000 * leap / (movie.fps * speed.value));
      };
      const toggle = () => {
        if (timer) { stop(); return; }
        if (at >= frames.length - 1) go(0);
        play.textContent = 'Pause';
        timer = setTimeout(tick, 1000 / (movie.fps * speed.value));
      };
      play.onclick = toggle;
      box.querySelector('[data-act=back]').onclick = () => { stop(); go(at - 1); };
      box.querySelector('[data-act=next]').onclick = () => { stop(); go(at + 1); };
      slider.oninput = () => { stop(); go(+slider.value); };
      box.addEventListener('keydown', event => {
        if (event.target !== box) return;
        const keys = { ' ': toggle, ArrowLeft: () => { stop(); go(at - 1); }, ArrowRight: () => { stop(); go(at + 1); },
          Home: () => { stop(); go(0); }, End: () => { stop(); go(frames.length - 1); } };
        if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
      });
      if (window.ResizeObserver) new ResizeObserver(size).observe(box);
      size();
    });
    """
}
