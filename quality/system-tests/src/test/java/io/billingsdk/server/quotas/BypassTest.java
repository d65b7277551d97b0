package io.billingsdk.server.quotas;

import static io.billingsdk.server.quotas.BypassWorld.KEY;
import static io.billingsdk.server.quotas.BypassWorld.KEY_OF_ANOTHER_APP;
import static io.billingsdk.server.quotas.BypassWorld.LIMIT;
import static io.billingsdk.server.quotas.BypassWorld.QUOTA;
import static io.billingsdk.server.quotas.BypassWorld.SECOND_KEY;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Admission.Admitted;
import io.billingsdk.Admission.Refused;
import io.billingsdk.protocol.LeaseRequest;
import io.billingsdk.protocol.LeaseRequest.Ask;
import io.billingsdk.protocol.LeaseRequest.Holding;
import io.billingsdk.server.ingest.AdmittedLane;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Twelve ways to use more than a hard quota: each is refused, or charged beyond it, by name. */
@Tag("postgres")
final class BypassTest {

  private enum Answer {
    REFUSED,
    BILLED
  }

  /** Tries it; how it was answered. */
  private interface Way {
    Answer take(BypassWorld world) throws Exception;
  }

  private static final Map<String, Way> WAYS = new LinkedHashMap<>();

  static {
    WAYS.put("two keys", world -> shared(world, world.instance("a"), KEY, SECOND_KEY));
    WAYS.put("two apps", world -> shared(world, world.instance("a"), KEY, KEY_OF_ANOTHER_APP));
    WAYS.put("two instances", BypassTest::twoInstances);
    WAYS.put("forged hello", BypassTest::forgedHello);
    WAYS.put("replayed lease", BypassTest::replayedLease);
    WAYS.put("old epoch", BypassTest::oldEpoch);
    WAYS.put("clock turned back", BypassTest::clockTurnedBack);
    WAYS.put("cancelled calls", BypassTest::cancelledCalls);
    WAYS.put("huge estimate", BypassTest::hugeEstimate);
    WAYS.put("negative settle", BypassTest::negativeSettle);
    WAYS.put("v1 beside v2", BypassTest::v1BesideV2);
    WAYS.put("HTTP beside SDK", BypassTest::httpBesideSdk);
  }

  @Test
  void ways_pastAHardQuota_areEachRefusedOrBilled() throws Exception {
    Map<String, Answer> answers = new LinkedHashMap<>();
    for (Map.Entry<String, Way> each : WAYS.entrySet()) {
      try (BypassWorld world = new BypassWorld()) {
        answers.put(each.getKey(), each.getValue().take(world));
        world.assertNamed();
      } catch (AssertionError failed) {
        throw new AssertionError(each.getKey() + ": " + failed.getMessage(), failed);
      }
    }
    Proof.of("bypass")
        .with("ways", WAYS.size())
        .with("refused", names(answers, Answer.REFUSED).size())
        .with("billed", names(answers, Answer.BILLED).size())
        .with("unnamed", WAYS.size() - answers.size())
        .with("billed_ways", names(answers, Answer.BILLED))
        .print();

    assertThat(names(answers, Answer.BILLED)).containsExactly("old epoch", "v1 beside v2");
    assertThat(answers).hasSize(12);
  }

  private static List<String> names(Map<String, Answer> answers, Answer of) {
    List<String> names = new ArrayList<>();
    answers.forEach(
        (name, answer) -> {
          if (answer == of) {
            names.add(name);
          }
        });
    return names;
  }

  /** Exactly the quota was used, all of it under leases. */
  private static Answer refused(BypassWorld world) throws Exception {
    assertThat(world.stored()).isEqualTo(LIMIT);
    assertThat(world.beyond()).isZero();
    return Answer.REFUSED;
  }

  private static Answer billed(BypassWorld world, long beyond) throws Exception {
    assertThat(world.stored()).isEqualTo(LIMIT + beyond);
    assertThat(world.beyond()).isEqualTo(beyond);
    return Answer.BILLED;
  }

  private static Answer shared(BypassWorld world, SdkInstance a, String one, String other)
      throws Exception {
    for (int i = 0; i < 15; i++) {
      settle(a, one, 1);
      settle(a, other, 1);
    }
    assertThat(a.useAll(one) + a.useAll(other)).isZero();
    return refused(world);
  }

  private static boolean settle(SdkInstance instance, String key, long usage) {
    Admitted call = instance.admitted(key, usage);
    return call != null && call.settle(BigDecimal.valueOf(usage)).accepted();
  }

  private static Answer twoInstances(BypassWorld world) throws Exception {
    SdkInstance a = world.instance("a");
    SdkInstance b = world.instance("b");
    for (int i = 0; i < 15; i++) {
      settle(a, KEY, 1);
      settle(b, KEY, 1);
    }
    var unused = a.useAll(KEY) + b.useAll(KEY) + a.useAll(KEY);
    return refused(world);
  }

  /** Another one says that the holder has ended, with an empty journal, or closes its lease. */
  private static Answer forgedHello(BypassWorld world) throws Exception {
    SdkInstance a = world.instance("a");
    Admitted held = requireNonNull(a.admitted(KEY, 1));
    SdkInstance b = world.instance("b");
    UUID forged = UUID.randomUUID();
    assertThat(held.settle(BigDecimal.ONE).accepted()).isTrue();
    String epoch = a.journal().get(0).admission().get(0);
    world.server().heard("b", a.stream(), /* isEmpty= */ true);
    world.server().heard("b", forged, /* isEmpty= */ true);
    Ask done = new Ask(QUOTA, epoch, BigDecimal.ZERO, BigDecimal.ZERO, Holding.DONE);
    for (UUID stream : List.of(forged, a.stream())) {
      var unused =
          world
              .server()
              .ask(
                  "b",
                  new LeaseRequest(99, stream, null, List.of(done), List.of(), List.of()).encode());
    }
    var unused = b.useAll(KEY) + a.useAll(KEY) + b.useAll(KEY);
    return refused(world);
  }

  /** Grants come again, events too. */
  private static Answer replayedLease(BypassWorld world) throws Exception {
    SdkInstance a = world.instance("a");
    for (int i = 0; i < 30; i++) {
      settle(a, KEY, 1);
      a.replayGrants();
    }
    assertThat(a.useAll(KEY)).isZero();
    List<AdmittedLane.Admitted> journal = a.journal();
    assertThat(world.lane().store(journal)).isEqualTo((int) LIMIT);
    assertThat(world.lane().store(journal)).as("once more").isZero();
    return refused(world);
  }

  /** A lease that an operator has released is used after all. */
  private static Answer oldEpoch(BypassWorld world) throws Exception {
    SdkInstance a = world.instance("a");
    settle(a, KEY, 4);
    String epoch = a.journal().get(0).admission().get(0);
    assertThat(world.stored()).isEqualTo(4);
    a.kill();
    world.time().advance(Duration.ofMinutes(3));
    Releases releases = new Releases(world.database(), world.time().server());
    int released = world.database().inTransaction(handle -> releases.release(handle, QUOTA, "a"));
    assertThat(released).isEqualTo(1);
    assertThat(world.instance("b").useAll(KEY)).isEqualTo(LIMIT - 4);
    world.store("a", a.stream(), 5, 3, List.of(epoch));
    world.store("c", UUID.randomUUID(), 1, 2, List.of(epoch));
    return billed(world, 5);
  }

  /** The service says that it is another month, whose quota nobody has used. */
  private static Answer clockTurnedBack(BypassWorld world) throws Exception {
    SdkInstance a = world.instance("a");
    a.useAll(KEY);
    for (int days : new int[] {-31, 31}) {
      a.clock().set(Duration.ofDays(days));
      for (int i = 0; i < 50; i++) {
        assertThat(a.admit(KEY, 1)).as("%d days", days).isInstanceOf(Refused.class);
        world.time().advance(Duration.ofMillis(200));
      }
    }
    return refused(world);
  }

  /** Calls that end without a word of what they used take nothing, and give nothing. */
  private static Answer cancelledCalls(BypassWorld world) throws Exception {
    SdkInstance a = world.instance("a");
    for (int i = 0; i < 200; i++) {
      Admitted call = requireNonNull(a.admitted(KEY, 5));
      if (i % 2 == 0) {
        call.close();
      }
      call.close();
      assertThat(call.settle(BigDecimal.ONE).accepted()).isFalse();
    }
    a.useAll(KEY);
    return refused(world);
  }

  private static Answer hugeEstimate(BypassWorld world) throws Exception {
    SdkInstance a = world.instance("a");
    for (long estimate : new long[] {LIMIT + 1, 1L << 53}) {
      assertThat(a.admitted(KEY, estimate)).isNull();
    }
    assertThat(a.useAll(KEY)).as("nothing was debited by it").isEqualTo(LIMIT);
    return refused(world);
  }

  private static Answer negativeSettle(BypassWorld world) throws Exception {
    SdkInstance a = world.instance("a");
    for (int i = 0; i < 50; i++) {
      Admitted call = a.admitted(KEY, 1);
      if (call != null) {
        assertThat(call.settle(BigDecimal.valueOf(-1_000)).accepted()).isFalse();
        assertThat(call.settle(BigDecimal.ONE).accepted()).isTrue();
      }
    }
    return refused(world);
  }

  /** What services of v1 use after the quota is charged, until their table blocks the key. */
  private static Answer v1BesideV2(BypassWorld world) throws Exception {
    world.instance("a").useAll(KEY);
    assertThat(world.stored()).isEqualTo(LIMIT);
    UUID stream = UUID.randomUUID();
    for (int i = 1; i <= 6; i++) {
      world.store("v1", stream, i, 1, List.of());
    }
    world.quotas().notices().run();
    assertThat(new KeyAdmin(world.database(), null).one("k_1").orElseThrow().causes())
        .as("for v1 it is blocked")
        .isNotEmpty();
    return billed(world, 6);
  }

  private static Answer httpBesideSdk(BypassWorld world) throws Exception {
    SdkInstance a = world.instance("a");
    Admissions http = new Admissions(world.database(), world.quotas());
    UUID stream = UUID.randomUUID();
    int reserved = 0;
    for (int i = 0; i < 15; i++) {
      settle(a, KEY, 1);
      Admissions.Admission answer = http.reserve("k_2", "usage", BigDecimal.ONE);
      if (answer.isAdmitted()) {
        reserved++;
        world.store("http", stream, reserved, 1, answer.admission());
        http.settle(answer.admission(), BigDecimal.ONE);
      }
    }
    var unused = a.useAll(KEY);
    assertThat(reserved).isPositive();
    assertThat(http.reserve("k_2", "usage", BigDecimal.ONE).isAdmitted()).isFalse();
    return refused(world);
  }
}
