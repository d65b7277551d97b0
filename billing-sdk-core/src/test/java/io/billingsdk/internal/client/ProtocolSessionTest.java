package io.billingsdk.internal.client;

import static io.billingsdk.internal.client.ProtocolSessionBench.V1;
import static io.billingsdk.internal.client.ProtocolSessionBench.V2;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.Protocol;
import io.billingsdk.protocol.Presence;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProtocolSessionTest {
  private static final Duration GRACE = Duration.ofMillis(200);

  private final ProtocolSessionBench auto = new ProtocolSessionBench(Protocol.AUTO);

  @Test
  void up_undecided_saysNothingOfV1BeforeAPresenceCouldCome() {
    auto.up();
    auto.scheduler.advance(GRACE.minusMillis(1));
    assertThat(auto.newlyDone()).isEmpty();
    auto.scheduler.advance(Duration.ofMillis(1));
    assertThat(auto.newlyDone()).containsExactly("ask v1", "beat");
  }

  @Test
  void report_undecided_staysInTheJournalUntilASystemShowsItself() {
    auto.up();
    auto.report();
    assertThat(auto.newlyDone()).isEmpty();
    auto.presence(/* online= */ true);
    auto.scheduler.advance(Duration.ofMillis(50));
    assertThat(auto.newlyDone()).contains(V2.usage("i"));
  }

  @Test
  void presence_online_bringsV2AndIsRemembered() {
    auto.up();
    auto.presence(/* online= */ true);
    assertThat(auto.negotiation.spoken()).isEqualTo(Protocol.V2);
    assertThat(auto.newlyDone()).containsExactly("remember", "ask v2");
    auto.scheduler.advance(GRACE);
    assertThat(auto.newlyDone()).as("the request of v1 is not sent any more").isEmpty();
  }

  @Test
  void presence_retainedOfflineOfASystemThatWasTakenAway_doesNotMoveAClientFromV1() {
    auto.up();
    auto.presence(/* online= */ false);
    auto.scheduler.advance(GRACE);
    auto.keyUpdate(1);
    auto.presence(/* online= */ false);
    assertThat(auto.negotiation.spoken()).isEqualTo(Protocol.V1);
    assertThat(auto.newlyDone()).containsExactly("ask v1", "beat");

    auto.report();
    assertThat(auto.newlyDone()).containsExactly(V1.report());
    assertThat(auto.board.shown().lastProblem()).isNull();
  }

  @Test
  void presence_offlineThenOnline_bringsV2WhenItIsThere() {
    auto.up();
    auto.presence(/* online= */ false);
    assertThat(auto.negotiation.spoken()).isEqualTo(Protocol.AUTO);
    auto.presence(/* online= */ true);
    assertThat(auto.negotiation.spoken()).isEqualTo(Protocol.V2);
  }

  @Test
  void presence_onlineWhileV1IsSpoken_movesToV2() {
    auto.up();
    auto.keyUpdate(1);
    auto.presence(/* online= */ true);
    auto.report();
    assertThat(auto.newlyDone()).contains("remember", "ask v2", V2.usage("i"));
  }

  @Test
  void presence_ofV1_saysNothing() {
    auto.up();
    auto.receive(V2.collector(), new Presence(true, 1, 1 << 18, 250).encode());
    assertThat(auto.negotiation.spoken()).isEqualTo(Protocol.AUTO);
  }

  @Test
  void presence_offlineInV2_holdsAndLetsTheKeysGrowOld() {
    ProtocolSessionBench v2 = new ProtocolSessionBench(Protocol.V2);
    v2.up();
    v2.presence(/* online= */ true);
    v2.presence(/* online= */ false);
    v2.newlyDone();
    v2.report();
    assertThat(v2.newlyDone()).isEmpty();
    assertThat(requireNonNull(v2.board.shown().lastProblem()).kind())
        .isEqualTo(ProblemKind.NO_RECEIVER);
    v2.presence(/* online= */ true);
    v2.scheduler.advance(Duration.ofMillis(50));
    assertThat(v2.newlyDone()).contains("ask v2", V2.usage("i"));
  }

  @Test
  void keyUpdate_ofASystemOfV2_reconnectsForItsTopics() {
    auto.up();
    auto.keyUpdate(2);
    assertThat(auto.negotiation.spoken()).isEqualTo(Protocol.V2);
    assertThat(auto.newlyDone()).contains("remember", "reconnect");
    auto.up();
    assertThat(auto.newlyDone()).containsExactly("ask v2");
  }

  @Test
  void keyUpdate_ofV1AfterV2_isIgnored() {
    auto.up();
    auto.presence(/* online= */ true);
    auto.keyUpdate(1);
    assertThat(auto.negotiation.spoken()).isEqualTo(Protocol.V2);
    assertThat(auto.keys.loaded()).isFalse();
  }

  @Test
  void received_settingV1_hearsNothingOfV2() {
    ProtocolSessionBench v1 = new ProtocolSessionBench(Protocol.V1);
    v1.up();
    v1.presence(/* online= */ true);
    v1.keyUpdate(2);
    v1.snapshot(V2.keys());
    assertThat(v1.negotiation.spoken()).isEqualTo(Protocol.V1);
    assertThat(v1.keys.version()).isZero();
    assertThat(v1.newlyDone()).containsExactly("ask v1", "beat");
  }

  @Test
  void snapshot_beforeV2IsSpoken_isNotTaken() {
    auto.up();
    auto.snapshot(V2.keys("i"));
    assertThat(auto.keys.version()).isZero();
    auto.presence(/* online= */ true);
    auto.snapshot(V2.keys("i"));
    assertThat(auto.keys.version()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "null", "[]", "{\"online\":1,\"protocol\":2}", "\u0000\u0001"})
  void received_malformed_isIgnoredOnEveryTopic(String payload) {
    auto.up();
    auto.receive(V2.collector(), payload.getBytes(UTF_8));
    auto.receive(V2.receipts("i"), payload.getBytes(UTF_8));
    auto.receive(V1.keysUpdate(), payload.getBytes(UTF_8));
    assertThat(auto.negotiation.spoken()).isEqualTo(Protocol.AUTO);
    auto.presence(/* online= */ true);
    auto.receive(V2.keys(), payload.getBytes(UTF_8));
    assertThat(auto.keys.version()).isZero();
  }

  @Test
  void down_undecided_takesTheRequestOfV1Back() {
    auto.up();
    auto.session.down();
    auto.scheduler.advance(Duration.ofMinutes(5));
    assertThat(auto.newlyDone()).isEmpty();
  }

  @Test
  void silence_undecided_isToldOnceAndSaysWhatItWaitsFor() {
    auto.up();
    auto.scheduler.advance(PeerDiscoveryTimer.PATIENCE.minusMillis(1));
    assertThat(auto.board.shown().lastProblem()).isNull();
    auto.scheduler.advance(Duration.ofMillis(1));
    var told = requireNonNull(auto.board.shown().lastProblem());
    assertThat(told.kind()).isEqualTo(ProblemKind.NO_RECEIVER);
    assertThat(told.message())
        .contains("billing/v2/collector", "billing/keys/update", "protocol(Protocol.V1)");

    auto.session.down();
    auto.up();
    auto.scheduler.advance(Duration.ofHours(1));
    assertThat(requireNonNull(auto.board.shown().lastProblem()).at()).isEqualTo(told.at());
  }

  @Test
  void silence_aSystemCameInTime_isNotTold() {
    auto.up();
    auto.scheduler.advance(Duration.ofSeconds(29));
    auto.keyUpdate(1);
    auto.scheduler.advance(Duration.ofHours(1));
    assertThat(auto.board.shown().lastProblem()).isNull();
  }
}
