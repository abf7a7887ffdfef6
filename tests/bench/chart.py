"""Bars of ratios as an SVG that reads on light and dark pages."""
from xml.sax.saxutils import escape

ROW, LEFT, WIDTH, TOP = 26, 330, 760, 58
SCALE = 300.0  # pixels of the ratio 1


def svg(rows, caption):
    """rows: (label, ratio, limit or None). Shorter is faster; the line is the other one's time."""
    height = TOP + ROW * len(rows) + 34
    most = (WIDTH - LEFT - 60) / SCALE
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" '
           'font-family="sans-serif" font-size="13">' % (WIDTH, height, WIDTH, height),
           "<style>text{fill:#333}.bar{fill:#2b7a78}.over{fill:#c05640}.one{stroke:#888}"
           ".limit{stroke:#333;stroke-width:2}"
           "@media (prefers-color-scheme: dark){text{fill:#ddd}.limit{stroke:#ddd}}</style>",
           '<text x="8" y="20" font-weight="bold">Time against the other, median of runs in turn</text>',
           '<text x="8" y="38">%s</text>' % escape(caption)]
    one = LEFT + SCALE
    bottom = TOP + ROW * len(rows)
    out.append('<line class="one" x1="%g" y1="%d" x2="%g" y2="%d" stroke-dasharray="4 3"/>' % (one, TOP - 6, one, bottom))
    out.append('<text x="%g" y="%d" text-anchor="middle">as fast as the other</text>' % (one, bottom + 18))
    for i, (label, ratio, limit) in enumerate(rows):
        y = TOP + ROW * i
        length = min(ratio, most) * SCALE
        kind = "over" if limit is not None and ratio > limit else "bar"
        out.append('<text x="%d" y="%d" text-anchor="end">%s</text>' % (LEFT - 8, y + 15, escape(label)))
        out.append('<rect class="%s" x="%d" y="%d" width="%.1f" height="%d" rx="2"/>' % (kind, LEFT, y + 3, length, ROW - 9))
        out.append('<text x="%.1f" y="%d">%.2f</text>' % (LEFT + length + 8, y + 15, ratio))
        if limit is not None and limit <= most:
            x = LEFT + limit * SCALE
            out.append('<line class="limit" x1="%.1f" y1="%d" x2="%.1f" y2="%d"/>' % (x, y + 1, x, y + ROW - 4))
    out.append("</svg>")
    return "\n".join(out) + "\n"
