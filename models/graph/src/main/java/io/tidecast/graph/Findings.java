package io.tidecast.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what is found, the same sentence once with its places, within bounds of its own. */
final class Findings {

  private static final int MOST_SENTENCES = 50;
  private static final int MOST_PLACES = 3;

  private final Map<String, Entry> bySentence = new LinkedHashMap<>();

  private static final class Entry {
    final GraphFinding.Kind kind;
    final List<String> places = new ArrayList<>();
    int count;

    Entry(GraphFinding.Kind kind) {
      this.kind = kind;
    }
  }

  void add(GraphFinding.Kind kind, Place place, String sentence) {
    if (bySentence.size() >= MOST_SENTENCES && !bySentence.containsKey(sentence)) {
      return;
    }
    Entry entry = bySentence.computeIfAbsent(sentence, s -> new Entry(kind));
    entry.count++;
    if (entry.places.size() < MOST_PLACES) {
      entry.places.add(place.toString());
    }
  }

  private List<GraphFinding> list() {
    List<GraphFinding> list = new ArrayList<>();
    bySentence.forEach(
        (sentence, entry) ->
            list.add(new GraphFinding(entry.kind, sentence, entry.places, entry.count)));
    return list;
  }

  /**
   * @throws GraphException if there is any
   */
  void refuse() {
    if (!bySentence.isEmpty()) {
      throw new GraphException(list());
    }
  }
}
