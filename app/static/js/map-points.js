// The map's points: read, found again by place, drawn. Knows nothing of the page around.
"use strict";

const CELLS = 64;      // squares along either side of the grid that points are found by
const WIDE = 4096;     // steps along either side of the map

/** The points of a map, in columns of numbers, and a grid over them. */
class Points {
  constructor(told) {
    this.n = told.ids.length;
    this.ids = new Uint32Array(this.n);
    for (let i = 0, id = 0; i < this.n; i += 1) this.ids[i] = id += told.ids[i];
    this.x = Uint16Array.from(told.x);
    this.y = Uint16Array.from(told.y);
    this.theme = Uint8Array.from(told.theme);
    this.themes = told.themes;
    this.columns = {};
    for (const name of ["region", "language", "actor_type", "state"]) {
      this.columns[name] = { rows: Uint8Array.from(told[name]), values: told[`${name}_values`] };
    }
    this.shown = new Uint8Array(this.n).fill(1);
    this.order = this.byTheme();
    this.lay();
  }

  /** Points theme by theme, so that one colour is set once. */
  byTheme() {
    const order = Uint32Array.from({ length: this.n }, (_, i) => i);
    return order.sort((a, b) => this.theme[a] - this.theme[b] || a - b);
  }

  /** Lay the grid: the points of each square stand together, theme by theme. */
  lay() {
    const square = (i) => ((this.y[i] * CELLS) >> 12) * CELLS + ((this.x[i] * CELLS) >> 12);
    this.starts = new Uint32Array(CELLS * CELLS + 1);
    for (let i = 0; i < this.n; i += 1) this.starts[square(i) + 1] += 1;
    for (let s = 0; s < CELLS * CELLS; s += 1) this.starts[s + 1] += this.starts[s];
    const next = this.starts.slice();
    this.held = new Uint32Array(this.n);
    for (const i of this.order) this.held[next[square(i)]++] = i;
  }

  /** Call `see` with each point shown in a rectangle of steps. */
  within(left, top, right, bottom, see) {
    const cell = (v) => Math.min(CELLS - 1, Math.max(0, (v * CELLS) >> 12));
    for (let row = cell(top); row <= cell(bottom); row += 1) {
      for (let column = cell(left); column <= cell(right); column += 1) {
        const at = row * CELLS + column;
        for (let k = this.starts[at]; k < this.starts[at + 1]; k += 1) {
          const i = this.held[k];
          if (this.shown[i] && this.x[i] >= left && this.x[i] <= right && this.y[i] >= top && this.y[i] <= bottom) see(i);
        }
      }
    }
  }

  /** The nearest points shown to a place, the nearest first, none farther than `far` steps. */
  nearest(x, y, far, most) {
    const found = [];
    this.within(x - far, y - far, x + far, y + far, (i) => {
      const gap = (this.x[i] - x) ** 2 + (this.y[i] - y) ** 2;
      if (gap <= far * far) found.push([gap, i]);
    });
    found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    return found.slice(0, most).map((pair) => pair[1]);
  }

  /** Show what has these values; `ids` is a set of numbers, or null for all. */
  filter(wanted, ids) {
    const tests = [];
    for (const [name, column] of Object.entries(this.columns)) {
      if (wanted[name]) tests.push([column.rows, column.values.indexOf(wanted[name])]);
    }
    if (wanted.theme) {
      tests.push([this.theme, wanted.theme === "0" ? 0 : 1 + this.themes.findIndex((t) => String(t.id) === wanted.theme)]);
    }
    for (let i = 0; i < this.n; i += 1) {
      let is = ids === null || ids.has(this.ids[i]);
      for (let t = 0; is && t < tests.length; t += 1) is = tests[t][0][i] === tests[t][1];
      this.shown[i] = is ? 1 : 0;
    }
  }
}

/** What part of the map is looked at: the step in the middle, and pixels a step. */
class Sight {
  constructor() {
    this.x = this.y = WIDE / 2;
    this.scale = 1;
    this.wide = this.high = 1;
  }

  get whole() { return Math.min(this.wide, this.high) / WIDE; }
  get left() { return this.x - this.wide / 2 / this.scale; }
  get top() { return this.y - this.high / 2 / this.scale; }
  get right() { return this.x + this.wide / 2 / this.scale; }
  get bottom() { return this.y + this.high / 2 / this.scale; }

  all() {
    this.x = this.y = WIDE / 2;
    this.scale = this.whole * 0.98;
  }

  /** Come nearer by a factor, the point under a pixel staying where it is. */
  zoom(factor, px = this.wide / 2, py = this.high / 2) {
    const x = this.left + px / this.scale, y = this.top + py / this.scale;
    this.scale = Math.min(this.whole * 60, Math.max(this.whole * 0.7, this.scale * factor));
    this.x = x - (px - this.wide / 2) / this.scale;
    this.y = y - (py - this.high / 2) / this.scale;
    this.hold();
  }

  move(px, py) {
    this.x -= px / this.scale;
    this.y -= py / this.scale;
    this.hold();
  }

  hold() {
    this.x = Math.min(WIDE, Math.max(0, this.x));
    this.y = Math.min(WIDE, Math.max(0, this.y));
  }
}

/** Draws points, names of themes and marks on a canvas. */
class Drawing {
  /** `signs`: for each theme (none first) its Path2D in a box of 12; `look()`: colours of the moment. */
  constructor(canvas, points, sight, signs, look) {
    Object.assign(this, { canvas, points, sight, signs, look });
    this.pen = canvas.getContext("2d", { alpha: false });
    this.sprites = new Map();
    this.fit();
  }

  /** Take the size and the colours that the page gives. */
  fit() {
    this.dots = Math.min(2, window.devicePixelRatio || 1);
    const box = this.canvas.getBoundingClientRect();
    this.sight.wide = Math.max(1, box.width);
    this.sight.high = Math.max(1, box.height);
    this.canvas.width = Math.round(box.width * this.dots);
    this.canvas.height = Math.round(box.height * this.dots);
    this.colours = this.look();
    this.sprites.clear();
    this.texts = new Map();
  }

  /** A theme's shape at a size, drawn once. */
  sprite(theme, size) {
    const key = theme * 64 + size;
    if (!this.sprites.has(key)) {
      const sheet = document.createElement("canvas");
      sheet.width = sheet.height = size;
      const pen = sheet.getContext("2d");
      pen.scale(size / 12, size / 12);
      pen.fillStyle = this.colours.themes[theme];
      pen.fill(this.signs[theme]);
      this.sprites.set(key, sheet);
    }
    return this.sprites.get(key);
  }

  /** Draw all of it; `marked` is a point with a ring, or -1. */
  draw(marked, isAimed) {
    const { pen, sight, dots, points } = this;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.fillStyle = this.colours.paper;
    pen.fillRect(0, 0, this.canvas.width, this.canvas.height);
    const near = sight.scale / sight.whole;
    const scale = sight.scale * dots, left = sight.left, top = sight.top;
    // As large as there is room for; squares while they are too small for shapes to be told.
    const room = Math.sqrt((sight.whole * WIDE * near) ** 2 / (this.shown || points.n));
    const size = Math.round(Math.min(13, Math.max(2.6, room * 0.42)) * dots);
    if (size < 6 * dots) this.squares(left, top, scale, size);
    else {
      points.within(left - 20, top - 20, sight.right + 20, sight.bottom + 20, (i) => {
        const sprite = this.sprite(points.theme[i], size);
        pen.drawImage(sprite, Math.round((points.x[i] - left) * scale - size / 2), Math.round((points.y[i] - top) * scale - size / 2));
      });
    }
    pen.setTransform(dots, 0, 0, dots, 0, 0);
    this.names();
    if (marked >= 0) this.ring(marked);
    if (isAimed) this.cross();
  }

  squares(left, top, scale, size) {
    const { pen, points } = this;
    const { x, y, theme, shown, order } = points;
    const half = size / 2, wide = this.canvas.width, high = this.canvas.height;
    let last = -1;
    for (let k = 0; k < order.length; k += 1) {
      const i = order[k];
      if (!shown[i]) continue;
      const px = (x[i] - left) * scale - half, py = (y[i] - top) * scale - half;
      if (px < -size || py < -size || px > wide || py > high) continue;
      if (theme[i] !== last) {
        last = theme[i];
        pen.fillStyle = this.colours.themes[last];
      }
      pen.fillRect(px | 0, py | 0, size, size);
    }
  }

  /** Names in the middle of areas, the largest first, none over another. */
  names() {
    const { pen, sight, points } = this;
    pen.font = this.colours.font;
    pen.direction = this.colours.direction;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    pen.lineWidth = 5;
    pen.strokeStyle = this.colours.paper;
    pen.fillStyle = this.colours.ink;
    const taken = [];
    points.themes.forEach((theme, number) => {
      if (this.quiet && this.quiet[number + 1]) return;
      const px = (theme.x - sight.left) * sight.scale, py = (theme.y - sight.top) * sight.scale;
      const { lines, wide } = this.broken(theme.name);
      const high = lines.length * this.colours.line;
      if (px < 0 || py < 0 || px > sight.wide || py > sight.high) return;
      const x = Math.min(sight.wide - wide / 2 - 6, Math.max(wide / 2 + 6, px));
      const y = Math.min(sight.high - high / 2 - 4, Math.max(high / 2 + 4, py));
      const box = [x - wide / 2 - 4, y - high / 2, x + wide / 2 + 4, y + high / 2];
      if (taken.some((t) => box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1])) return;
      taken.push(box);
      lines.forEach((line, row) => {
        const at = y - high / 2 + (row + 0.5) * this.colours.line;
        pen.strokeText(line, x, at);
        pen.fillText(line, x, at);
      });
    });
  }

  /** A name in lines of some twenty letters, with its width. */
  broken(name) {
    if (!this.texts.has(name)) {
      const lines = [""];
      for (const word of name.split(" ")) {
        const line = `${lines.at(-1)} ${word}`.trim();
        if (line.length > 24 && lines.at(-1)) lines.push(word);
        else lines[lines.length - 1] = line;
      }
      const kept = lines.length > 3 ? [...lines.slice(0, 2), `${lines[2]}…`] : lines;
      this.texts.set(name, { lines: kept, wide: Math.max(...kept.map((l) => this.pen.measureText(l).width)) });
    }
    return this.texts.get(name);
  }

  ring(i) {
    const { pen, sight, points } = this;
    const px = (points.x[i] - sight.left) * sight.scale, py = (points.y[i] - sight.top) * sight.scale;
    pen.lineWidth = 3;
    pen.strokeStyle = this.colours.ink;
    pen.beginPath();
    pen.arc(px, py, 10, 0, 7);
    pen.stroke();
  }

  cross() {
    const { pen, sight } = this;
    const x = sight.wide / 2, y = sight.high / 2;
    pen.lineWidth = 1;
    pen.strokeStyle = this.colours.ink;
    pen.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      pen.moveTo(x + 5 * dx, y + 5 * dy);
      pen.lineTo(x + 14 * dx, y + 14 * dy);
    }
    pen.stroke();
  }
}
