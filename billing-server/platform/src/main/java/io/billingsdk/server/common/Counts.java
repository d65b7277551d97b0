package io.billingsdk.server.common;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.DoubleSupplier;

/** What the parts of a server count beside usage, for metrics. Thread-safe. */
public final class Counts {
  private final Map<Family, Map<String, LongAdder>> all = new EnumMap<>(Family.class);

  private final List<Figure> figures = new CopyOnWriteArrayList<>();

  /** Counts of one metric: all of its labels are known, and there from the beginning. */
  public enum Family {
    /** What became of signs of life. */
    HELLOS(
        "billing.hellos",
        "signs of life, by outcome",
        "fate",
        "kept superseded foreign malformed dropped"),

    /** What became of requests for leases of quotas and parts of rates. */
    LEASE_REQUESTS(
        "billing.lease.requests",
        "requests for leases of quotas, by outcome",
        "fate",
        "answered superseded malformed dropped failed"),

    /** What became of requests for the key table. */
    SNAPSHOTS(
        "billing.key.snapshots",
        "snapshots of the key table, by outcome",
        "fate",
        "built sent failed put-off"),

    /** Clients of the own broker that were refused. */
    REFUSED_CLIENTS(
        "billing.broker.refused",
        "refusals of clients by the server's own broker, by reason",
        "kind",
        "unknown-user wrong-password client-id publish subscribe will taken-over tls protocol");

    private final String metric;
    private final String description;
    private final String label;

    /** Of the label, between spaces. */
    private final String values;

    Family(String metric, String description, String label, String values) {
      this.metric = metric;
      this.description = description;
      this.label = label;
      this.values = values;
    }

    /** The name of the metric. */
    public String metric() {
      return metric;
    }

    /** What it counts, for people. */
    public String description() {
      return description;
    }

    /** The name of its label. */
    public String label() {
      return label;
    }
  }

  /** All of them zero. */
  public Counts() {
    for (Family family : Family.values()) {
      Map<String, LongAdder> each = new TreeMap<>();
      for (String value : family.values.split(" ", -1)) {
        each.put(value, new LongAdder());
      }
      all.put(family, each);
    }
  }

  /** Shows more figures in the metrics, before the HTTP API starts. */
  public void show(List<Figure> more) {
    figures.addAll(more);
  }

  /** The figures that were given. */
  public List<Figure> figures() {
    return List.copyOf(figures);
  }

  /** Counts one more. */
  public void add(Family family, String value) {
    add(family, value, 1);
  }

  /** Counts so many more. */
  public void add(Family family, String value, long more) {
    count(family, value).add(more);
  }

  /** How many there were. */
  public long of(Family family, String value) {
    return count(family, value).sum();
  }

  /** Gives all counts of a metric, by the value of its label. */
  public void each(Family family, BiConsumer<String, LongAdder> to) {
    of(family).forEach(to);
  }

  private LongAdder count(Family family, String value) {
    LongAdder count = of(family).get(value);
    if (count == null) {
      throw new IllegalArgumentException(family + " has no " + value);
    }
    return count;
  }

  private Map<String, LongAdder> of(Family family) {
    Map<String, LongAdder> counts = all.get(family);
    if (counts == null) {
      throw new IllegalArgumentException("there is no " + family);
    }
    return counts;
  }

  /**
   * A number that the metrics show. Reading it is cheap and does not fail; NaN stands for
   * "unknown".
   *
   * @param metric its name, with dots between the words
   * @param description for people
   * @param labels of few values each
   * @param counts whether it only rises, from 0 at the start of the process
   * @param value reads it, on any thread
   */
  public record Figure(
      String metric,
      String description,
      Map<String, String> labels,
      boolean counts,
      DoubleSupplier value) {
    /** Has a copy of the labels. */
    public Figure {
      labels = Map.copyOf(labels);
    }
  }
}
