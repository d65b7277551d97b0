package io.billingsdk.forecast;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A dimension value, or two, with the share of all changes that it explains: if all its facts
 * changed by one factor and no other fact changed, how much of the changes would be right? A value
 * that merely overlaps with the cause fits badly, inside or outside.
 */
final class Place {
  /** A pair must explain this much more than a single value. */
  private static final double PAIR = 0.03;

  private final Map<String, String> where;
  private double usual;
  private double now;
  private double changed;
  private double wrong;
  private double explained;

  private Place(Map<String, String> where) {
    this.where = where;
  }

  /** The places that explain most, the best first. */
  static List<Place> ranked(List<Fact> facts, int most) {
    Map<Map<String, String>, Place> places = new LinkedHashMap<>();
    double all = 0;
    for (Fact fact : facts) {
      double usual = fact.usualAmount().doubleValue();
      double now = fact.amount().doubleValue();
      all += Math.abs(now - usual);
      for (Map<String, String> where : wheres(fact)) {
        places.computeIfAbsent(where, Place::new).add(usual, now);
      }
    }
    for (Fact fact : facts) {
      for (Map<String, String> where : wheres(fact)) {
        places.computeIfAbsent(where, Place::new).compare(fact);
      }
    }
    for (Place place : places.values()) {
      place.score(all);
    }
    return places.values().stream()
        .sorted(
            Comparator.comparingDouble(Place::rank)
                .reversed()
                .thenComparing(place -> new TreeMap<>(place.where).toString()))
        .limit(most)
        .toList();
  }

  /** Each value of a fact, and each two of them. */
  private static List<Map<String, String>> wheres(Fact fact) {
    List<Map.Entry<String, String>> values =
        new ArrayList<>(new TreeMap<>(fact.where()).entrySet());
    List<Map<String, String>> all = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      Map.Entry<String, String> one = values.get(i);
      all.add(Map.of(one.getKey(), one.getValue()));
      for (Map.Entry<String, String> other : values.subList(i + 1, values.size())) {
        all.add(Map.of(one.getKey(), one.getValue(), other.getKey(), other.getValue()));
      }
    }
    return all;
  }

  private void add(double before, double after) {
    usual += before;
    now += after;
    changed += Math.abs(after - before);
  }

  /** Adds how far a fact is from the common factor. */
  private void compare(Fact fact) {
    double after = fact.amount().doubleValue();
    double before = fact.usualAmount().doubleValue();
    wrong += Math.abs(after - (usual == 0 ? after : before * now / usual));
  }

  private void score(double all) {
    explained = all == 0 ? 0 : (changed - wrong) / all;
  }

  private double rank() {
    return explained - (where.size() > 1 ? PAIR : 0);
  }

  Map<String, String> where() {
    return where;
  }

  BigDecimal explainedShare() {
    return Real.exact(explained, 3);
  }
}
