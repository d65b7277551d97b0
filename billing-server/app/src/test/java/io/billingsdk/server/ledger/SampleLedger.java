package io.billingsdk.server.ledger;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.LedgerLoader;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.ledger.Attributions.Named;
import io.billingsdk.server.ledger.Corrections.EventRef;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A ledger of random events, many of them around changes of clocks: of two apps, of unknown keys
 * that were attributed in both ways, and of one that nobody knows. Stored in the collector's
 * transactions.
 */
final class SampleLedger {
  static final Instant FROM = Instant.parse("2025-10-01T00:00:00Z");
  static final Instant TO = Instant.parse("2026-04-20T00:00:00Z");

  /** New York forward and back, Lord Howe forward and back. */
  static final List<Instant> CLOCK_CHANGES =
      List.of(
          Instant.parse("2025-11-02T06:00:00Z"),
          Instant.parse("2026-03-08T07:00:00Z"),
          Instant.parse("2025-10-04T15:30:00Z"),
          Instant.parse("2026-04-04T15:00:00Z"));

  private static final List<String> KEYS =
      List.of("k_1", "k_2", "k_3", "k_claimed", "k_late", "k_?");
  private static final List<String> MODELS = List.of("gpt-4", "claude", "ılım");

  /** To which app the events of a key belong in the end. */
  private static final Map<String, String> APPS =
      Map.of("k_1", "acme", "k_2", "acme", "k_3", "other", "k_claimed", "acme", "k_late", "other");

  private final List<Sample> events = new ArrayList<>();
  private final List<Sample> rows = new ArrayList<>();
  private UUID stream = new UUID(0, 0);

  /** An event as it was made, with the app that it belongs to in the end. */
  record Sample(
      @Nullable String app,
      String key,
      String module,
      String model,
      BigDecimal usage,
      Instant at,
      @Nullable String region) {
    Sample using(BigDecimal other) {
      return new Sample(app, key, module, model, other, at, region);
    }
  }

  private SampleLedger() {}

  /** Fills an empty ledger. */
  static SampleLedger fill(Database database, Random random, int count) throws Exception {
    KeyAdmin keys = new KeyAdmin(database, null);
    keys.createApp("acme", "Acme");
    keys.createApp("other", "Other");
    known(keys, "k_1", "acme");
    known(keys, "k_2", "acme");
    known(keys, "k_3", "other");
    SampleLedger ledger = new SampleLedger();
    try (LedgerLoader loader = new LedgerLoader(database, TO)) {
      for (int i = 0; i < count; i++) {
        Sample each = sample(random);
        ledger.events.add(each);
        ledger.rows.add(each);
        loader.add(each.key, each.module, each.model, each.usage, each.at, json(each));
      }
      loader.flush();
      ledger.stream = loader.stream();
    }
    Attributions attributions =
        new Attributions(database, Actor.commandLine(), LedgerAppender.withoutHooks());
    attributions.toApp(new Named("k_claimed", null), "acme", null, "theirs");
    known(keys, "k_late", "other");
    attributions.toKey("k_late", "imported too late");
    return ledger;
  }

  private static void known(KeyAdmin keys, String keyId, String app) throws Exception {
    keys.importKey(keyId, "sk-" + keyId, app, KeyEntitlements.UNLIMITED, /* legacy= */ false);
  }

  /** The events, with what they amount to now. */
  List<Sample> events() {
    return events;
  }

  /** The rows of the ledger: the events as they came, and the corrections. */
  List<Sample> rows() {
    return rows;
  }

  /** Corrects events that belong to an app, some of them twice or to nothing. */
  void correct(Database database, Random random, int corrections) throws Exception {
    Corrections made =
        new Corrections(database, new Actor("tester"), LedgerAppender.withoutHooks());
    while (rows.size() < events.size() + corrections) {
      int index = random.nextInt(random.nextBoolean() ? events.size() : 50);
      Sample event = events.get(index);
      BigDecimal usage = random.nextInt(4) == 0 ? BigDecimal.ZERO : sample(random).usage;
      if (event.app != null && usage.compareTo(event.usage) != 0) {
        EventRef which =
            new EventRef(stream, index + 1, Instant.ofEpochMilli(event.at.toEpochMilli()));
        var unused = made.correct(which, usage, "wrong price");
        rows.add(event.using(usage.subtract(event.usage)));
        events.set(index, event.using(usage));
      }
    }
  }

  /** A moment within the ledger. */
  static Instant moment(Random random) {
    if (random.nextBoolean()) {
      Instant change = CLOCK_CHANGES.get(random.nextInt(CLOCK_CHANGES.size()));
      return change.plusMillis(random.nextLong(-7_200_000, 7_200_000));
    }
    return FROM.plusMillis(random.nextLong(Duration.between(FROM, TO).toMillis()));
  }

  private static Sample sample(Random random) {
    String key = KEYS.get(random.nextInt(KEYS.size()));
    String region = random.nextInt(4) == 0 ? null : "eu-" + random.nextInt(3);
    return new Sample(
        APPS.get(key),
        key,
        "m" + random.nextInt(2),
        MODELS.get(random.nextInt(MODELS.size())),
        BigDecimal.valueOf(random.nextLong(1_000_000), random.nextInt(6)),
        moment(random),
        region);
  }

  private static @Nullable String json(Sample event) {
    return event.region == null ? null : "{\"region\":\"" + event.region + "\",\"n\":1.50}";
  }
}
