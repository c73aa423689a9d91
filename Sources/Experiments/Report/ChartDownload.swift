/// The script that gives every chart of a page its two buttons: the picture as SVG, its numbers as CSV.
///
/// Nothing is fetched: the picture is in the page and its numbers are in the card's `data-csv`. Colours and fonts are
/// written into the picture's elements as they are shown, since the page's style sheet does not go with it; what is
/// saved is light on dark where the page is.
enum ChartDownload {
  static let script = """
    document.querySelectorAll('.card').forEach(card => {
      const svg = card.querySelector('svg.chart'), heading = card.querySelector('h3');
      if (!svg || !heading) return;
      const place = card.parentElement.closest('section')?.querySelector('h2');
      const title = (place ? place.textContent + ': ' : '') + heading.textContent;
      const name = title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
      const save = (text, type, ending) => {
        const link = document.createElement('a');
        link.href = URL.createObjectURL(new Blob([text], { type }));
        link.download = name + ending;
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 1000);
      };
      const kept = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linejoin', 'opacity', 'paint-order',
        'text-anchor', 'font-family', 'font-size', 'font-weight'];
      const picture = () => {
        const copy = svg.cloneNode(true), box = svg.viewBox.baseVal;
        const from = svg.querySelectorAll('*'), to = copy.querySelectorAll('*');
        from.forEach((element, index) => {
          const style = getComputedStyle(element);
          to[index].setAttribute('style', kept.map(key => key + ':' + style.getPropertyValue(key)).join(';'));
          to[index].removeAttribute('class');
        });
        copy.removeAttribute('class');
        const words = document.createElementNS(svg.namespaceURI, 'title');
        words.textContent = title;
        copy.prepend(words);
        copy.setAttribute('width', box.width);
        copy.setAttribute('height', box.height);
        copy.setAttribute('style', 'background:' + getComputedStyle(card).backgroundColor);
        return '<?xml version="1.0" encoding="UTF-8"?>\\n' + new XMLSerializer().serializeToString(copy) + '\\n';
      };
      const bar = document.createElement('p');
      bar.className = 'download';
      const add = (label, title, act) => {
        const button = document.createElement('button');
        button.type = 'button';
        button.textContent = label;
        button.title = title;
        button.onclick = act;
        bar.append(button);
      };
      add('SVG', 'Save this chart as a picture', () => save(picture(), 'image/svg+xml', '.svg'));
      add('CSV', 'Save the numbers of this chart', () => save(card.dataset.csv, 'text/csv', '.csv'));
      card.append(bar);
    });
    """
}
