/// The report's style sheet: one column on a phone, two on a wide screen, light or dark as the reader has it,
/// and fit to print.
///
/// The arms' colours are those of Okabe and Ito (2008), told apart by people who see few colours; dashes and
/// labels at the curves say the same without colour.
enum PageStyle {
  /// The light page's colours, which pictures that stand by themselves have, too.
  static let (page, ink, soft, rule) = ("#ffffff", "#1a1e23", "#57616c", "#dde2e7")
  /// The arms', in the order of their places.
  static let arms = ["#0072b2", "#c24e00", "#00835f", "#b0508a", "#9a6a00", "#2f8fc4", "#565f69", "#7a5bd0"]

  static let css = """
    :root { color-scheme: light dark; --page: \(page); --ink: \(ink); --soft: \(soft); --rule: \(rule);
      --panel: #f5f7f9; --link: #0b62a8;
      \(arms.enumerated().map { "--a\($0): \($1);" }.joined(separator: " ")) }
    @media (prefers-color-scheme: dark) { :root { --page: #14171b; --ink: #e8ebee; --soft: #a3adb8; --rule: #313840;
      --panel: #1c2126; --link: #7cc0f5;
      --a0: #56b4e9; --a1: #ff8c42; --a2: #2ec79a; --a3: #e79bc6; --a4: #f0b93a; --a5: #9bd3f7; \
    --a6: #b4bcc5; --a7: #b39dff; } }
    * { box-sizing: border-box; }
    html { scroll-padding-top: 4rem; scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
    @media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
    body { margin: 0; overflow-wrap: anywhere; background: var(--page); color: var(--ink); \
    font: 16px/1.55 system-ui, -apple-system, "Segoe UI",
      Roboto, "Helvetica Neue", sans-serif; }
    main, header, nav > div { max-width: 1180px; margin: 0 auto; padding: 0 1.25rem; }
    header { padding-top: 2.2rem; padding-bottom: 1.2rem; }
    h1 { font-size: clamp(1.6rem, 4vw, 2.3rem); line-height: 1.2; margin: 0 0 .9rem; letter-spacing: -.01em; }
    h2 { font-size: 1.4rem; margin: 3rem 0 .3rem; line-height: 1.25; overflow-wrap: anywhere; }
    h3 { font-size: 1rem; margin: 0 0 .4rem; }
    p { margin: .4rem 0 .8rem; max-width: 75ch; }
    a { color: var(--link); }
    .soft { color: var(--soft); }
    .lead { font-size: 1.13rem; border-left: 4px solid var(--a0); padding: .1rem 0 .1rem 1rem; margin: 1rem 0; }
    .lead p { max-width: 85ch; margin: 0 0 .6rem; }
    .lead p:first-child { font-size: 1.1em; font-weight: 600; line-height: 1.45; }
    .lead p:last-child { margin: 0; }
    dl { display: flex; flex-wrap: wrap; gap: .4rem 2.2rem; margin: 1.2rem 0 0; }
    dt { color: var(--soft); font-size: .82rem; }
    dd { margin: 0; font-weight: 600; }
    .command { flex-basis: 100%; min-width: 0; }
    code { font: .88em ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
    dd code { font-weight: 400; }
    .words span { display: inline-block; max-width: 100%; }
    nav { position: sticky; top: 0; z-index: 2; background: var(--page); border-bottom: 1px solid var(--rule); }
    nav > div { display: flex; flex-wrap: wrap; gap: .2rem 1.3rem; max-height: 6.4rem; overflow-y: auto; \
    white-space: nowrap; \
    padding-top: .6rem; padding-bottom: .6rem;
      font-size: .93rem; }
    nav a { text-decoration: none; }
    nav a:hover { text-decoration: underline; }
    :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
    .skip { position: absolute; left: -999px; }
    .skip:focus { left: 1rem; top: .5rem; background: var(--page); z-index: 3; }
    .legend li { display: flex; align-items: center; min-width: 0; }
    .legend { display: flex; flex-wrap: wrap; gap: .3rem 1.3rem; padding: 0; margin: .7rem 0 1rem; list-style: none;
      font-size: .93rem; }
    .legend svg { width: 30px; height: 12px; margin-right: .45rem; flex: none; }
    .grid2 { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 1.2rem; }
    .grid2 > *, .grid3 > * { min-width: 0; }
    .grid3 { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); gap: 1.2rem;
      align-items: start; }
    .card { display: flex; flex-direction: column; background: var(--panel); border: 1px solid var(--rule); \
    border-radius: 10px; padding: 1rem 1rem .7rem; margin: 0; }
    .chart { display: block; width: 100%; max-width: 640px; height: auto; font-size: 13px; }
    .card > .chart { margin: auto 0; }
    .chart text { fill: var(--ink); paint-order: stroke; stroke: var(--panel); stroke-width: 3px; \
    stroke-linejoin: round; }
    .chart .tick { fill: var(--soft); font-size: 12px; }
    .chart .end { text-anchor: end; } .chart .mid { text-anchor: middle; }
    .chart .grid { stroke: var(--rule); } .chart .axis { stroke: var(--soft); }
    .chart .rule { stroke: var(--soft); stroke-dasharray: 2 4; }
    .curve { fill: none; stroke: var(--c); stroke-width: 2.4; stroke-linejoin: round; }
    .band { fill: var(--c); opacity: .16; } .bar { fill: var(--c); opacity: .75; } .dot { fill: var(--c); }
    .chart .label { fill: var(--c); font-weight: 600; font-size: 12.5px; }
    .run { fill: var(--page); stroke: var(--ink); stroke-width: 1; opacity: .8; }
    .whisker { stroke: var(--ink); stroke-width: 1.8; fill: none; }
    .d1 { stroke-dasharray: 9 4; } .d2 { stroke-dasharray: 3 3; } .d3 { stroke-dasharray: 10 3 2 3; }
    .a0 { --c: var(--a0); } .a1 { --c: var(--a1); } .a2 { --c: var(--a2); } .a3 { --c: var(--a3); }
    .reference { --c: var(--soft); }
    .curve.reference { stroke-width: 1.6; stroke-dasharray: 1 4; stroke-linecap: round; }
    .a4 { --c: var(--a4); } .a5 { --c: var(--a5); } .a6 { --c: var(--a6); } .a7 { --c: var(--a7); }
    .scroll { overflow-x: auto; margin: 1.2rem 0;
      background: linear-gradient(90deg, var(--page) 2rem, transparent) left / 4rem 100% no-repeat local,
        linear-gradient(-90deg, var(--page) 2rem, transparent) right / 4rem 100% no-repeat local,
        linear-gradient(90deg, var(--rule), transparent) left / .9rem 100% no-repeat,
        linear-gradient(-90deg, var(--rule), transparent) right / .9rem 100% no-repeat; }
    table { border-collapse: collapse; width: 100%; font-size: .87rem; font-variant-numeric: tabular-nums; }
    th, td { text-align: right; overflow-wrap: normal; padding: .45rem .38rem; \
    border-bottom: 1px solid var(--rule); white-space: nowrap; }
    th { color: var(--soft); font-weight: 600; vertical-align: bottom; white-space: normal; }
    td { vertical-align: top; } .interval { display: block; color: var(--soft); font-size: .84em; }
    th:first-child, td:first-child { text-align: left; padding-left: 0; }
    td:first-child { font-weight: 600; color: var(--c, inherit); white-space: normal; \
    overflow-wrap: anywhere; min-width: 10rem; }
    td.program, th.program { text-align: left; white-space: normal; width: 100%; } .program p { max-width: none; }
    .attempts td:first-child { min-width: 0; overflow-wrap: normal; }
    pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .3rem 0; tab-size: 2;
      font: .95em/1.5 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
    .tag { display: inline-block; font-size: .75rem; font-weight: 600; border: 1px solid currentColor; \
    border-radius: 4px; padding: 0 .3rem;
      margin-left: .4rem; }
    .best { display: inline-block; font-size: .75rem; color: var(--page); background: var(--c, var(--soft));
      border-radius: 4px; padding: 0 .35rem; margin-left: .4rem; }
    .flag { display: inline-block; font-size: .75rem; font-weight: 600; color: var(--page); background: var(--a1);
      border-radius: 4px; padding: 0 .35rem; margin-left: .4rem; }
    .download { display: flex; gap: .4rem; justify-content: flex-end; margin: auto 0 0; padding-top: .3rem;
      max-width: none; }
    .download button { font-size: .75rem; min-height: 1.6rem; padding: .1rem .5rem; color: var(--soft); }
    details { margin: .8rem 0; } summary { cursor: pointer; color: var(--link); }
    .player { background: var(--panel); border: 1px solid var(--rule); border-radius: 10px; padding: 1rem; margin: 0; }
    .player figcaption { font-weight: 600; margin-bottom: .6rem; }
    canvas { display: block; margin: 0 auto; border-radius: 4px; max-width: 100%; }
    .controls { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin-top: .7rem; }
    .controls input { flex: 1 1 120px; min-width: 80px; accent-color: var(--link); }
    .controls output { color: var(--soft); font-variant-numeric: tabular-nums; min-width: 5.5em; text-align: right; }
    button, select { font: inherit; font-size: .92rem; color: var(--ink); background: var(--page);
      border: 1px solid var(--rule); border-radius: 6px; padding: .3rem .65rem; min-height: 2.2rem; cursor: pointer; }
    button[data-act=play] { min-width: 4.6em; }
    .caption { white-space: pre-line; min-height: 4.6em; margin: .7rem 0 0; font-size: .92rem; }
    footer { margin: 3.5rem 0 2.5rem; border-top: 1px solid var(--rule); padding-top: 1rem; font-size: .92rem; }
    @media (max-width: 560px) { .lead { font-size: 1rem; padding-left: .8rem; } .card { padding: .8rem .6rem .5rem; }
      main, header, nav > div { padding-left: .9rem; padding-right: .9rem; }
      nav { position: static; } nav > div { gap: .2rem 1.1rem; max-height: none; white-space: normal; }
      html { scroll-padding-top: 1rem; }
      .chart .tick { font-size: 15px; } .chart .value { font-size: 14px; } }
    @media print { nav, .controls, .skip, .download { display: none; } body { font-size: 11pt; }
      .card, .player, tr, .lead { break-inside: avoid; } h2 { break-after: avoid; } .scroll { overflow: visible; }
      .grid2 { grid-template-columns: 1fr 1fr; } td, th { white-space: normal; padding: .25rem .4rem; } }
    """
}
