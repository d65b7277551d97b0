package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.billingsdk.testbed.Proof;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the counters of quotas cost the whole intake of a server: batches over TLS of a key without
 * a quota and of one with two, in turns. Prints figures and asserts no time.
 */
final class QuotaThroughputTest {
  private static final String PROOF = "quota-speed";
  private static final int EVENTS = Integer.getInteger("throughput.events", 20_000);
  private static final int ROUNDS = Integer.getInteger("throughput.rounds", 3);
  private static final int RELEASE_ROUNDS = 15;

  /** Until the compilers are done they take as much of the processor as the server does. */
  private static final int WARM_UP = Integer.getInteger("throughput.warmup", 40_000);

  private static final String PLAN =
      """
      meters:
        - {slug: calls, unit: call, value: one, aggregation: count}
      plans:
        - plan: shared
          name: Shared
          currency: USD
          interval: month
          entitlements:
            models: all
            quotas: [{meter: calls, limit: 1000000000, mode: hard, scope: customer}]
      """;

  @TempDir Path directory;

  private WholeServer server;

  @BeforeEach
  void start() {
    if (!CpuTime.isKnown()) {
      Proof.skipped(PROOF, "no /proc");
    }
    assumeTrue(CpuTime.isKnown());
    server = WholeServer.start(directory.resolve("data"));
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void intake_ofAKeyWithQuotas_countsEachEvent_atTheCostThatTheLineShows() throws Exception {
    Operator.NamedKey free = key("free");
    Operator.NamedKey counted = key("counted");
    server.operator().limit(counted, "usage=1000000000");
    Path scratch = Files.createDirectory(directory.resolve("scratch"));
    PlanOperator plans =
        new PlanOperator(directory.resolve("data"), scratch, server.operator().createToken());
    plans.importPlans(PLAN);
    var unused = plans.subscribe("acme", "counted", "shared");
    try (Child without = LoadChild.of(server, free, List.of("free-1", "free-2"));
        Child with = LoadChild.of(server, counted, List.of("counted-1", "counted-2"))) {
      without.await("UP");
      with.await("UP");
      for (int done = 0; done < WARM_UP; done += EVENTS) {
        nanos(without);
        nanos(with);
      }
      long before = counted();
      report(rounds(without, with));
      assertThat(counted() - before).isEqualTo(2L * ROUNDS * EVENTS);
    }
  }

  private Operator.NamedKey key(String app) {
    server.operator().createApp(app);
    return server.operator().createKey(app);
  }

  private long counted() throws Exception {
    return server.count("SELECT coalesce(sum(settled), 0)::bigint FROM quota_counter_shard");
  }

  /** A round of both kinds: what disturbs one disturbs the other. */
  private record Pair(long without, long with) {}

  private static List<Pair> rounds(Child without, Child with) {
    List<Pair> rounds = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      // Each of them is the first one as often as the other.
      if (i % 2 == 0) {
        long plain = nanos(without);
        rounds.add(new Pair(plain, nanos(with)));
      } else {
        long counted = nanos(with);
        rounds.add(new Pair(nanos(without), counted));
      }
    }
    return rounds;
  }

  private static long nanos(Child load) {
    return Long.parseLong(load.ask("v2 " + EVENTS, "V2 ").substring(3));
  }

  private static void report(List<Pair> rounds) {
    double share =
        median(rounds.stream().map(each -> 1.0 - (double) each.without() / each.with()).toList());
    Proof.sized(PROOF, ROUNDS, RELEASE_ROUNDS)
        .with("road", "whole intake")
        .with("events_each", (long) ROUNDS * EVENTS)
        .with("quotas_of_an_event", 2)
        .with("plain_events_per_s", perSecond(rounds.stream().map(Pair::without).toList()))
        .with("counted_events_per_s", perSecond(rounds.stream().map(Pair::with).toList()))
        .with("ingest_share", String.format(Locale.ROOT, "%.1f%%", 100 * share))
        .with("target", "ingest_share<=10%")
        .print();
  }

  private static long perSecond(List<Long> nanos) {
    return Math.round(EVENTS * 1e9 / median(nanos));
  }

  private static double median(List<? extends Number> values) {
    List<Double> sorted = values.stream().map(Number::doubleValue).sorted().toList();
    return (sorted.get(sorted.size() / 2) + sorted.get((sorted.size() - 1) / 2)) / 2.0;
  }
}
