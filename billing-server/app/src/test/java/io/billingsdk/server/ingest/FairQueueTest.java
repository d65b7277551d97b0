package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.protocol.ReceivedEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FairQueueTest {
  private static final int LANES = 2;

  private final QosZeroLimit limit = new QosZeroLimit();
  private final FairQueue queue = new FairQueue(LANES, limit);

  private static UUID stream(long number) {
    return new UUID(0, number);
  }

  private static IncomingMessage message(String login, long connection, long stream, int bytes) {
    ReceivedEvent event = new ReceivedEvent.Invalid(1, "MALFORMED", "planted", "{}");
    return new IncomingMessage(
            "topic",
            bytes,
            login,
            List.of(new IncomingEvent(stream(stream), login, event)),
            null,
            /* repeated= */ true,
            () -> {})
        .from(new Sender(login, connection));
  }

  private static IncomingMessage unrepeated(String login) {
    return new IncomingMessage("topic", 100, null, List.of(), null, /* repeated= */ false, () -> {})
        .from(new Sender(login, 1));
  }

  private FairQueue.@Nullable MessageTurn poll(int lane) throws InterruptedException {
    return queue.poll(lane, 0);
  }

  /** Takes one more into the hand of a lane; null when there is none for it. */
  private @Nullable String taken(int lane) throws InterruptedException {
    FairQueue.MessageTurn turn = poll(lane);
    return turn == null || !admit(turn) ? null : turn.waiting().sender().login();
  }

  private boolean admit(FairQueue.MessageTurn turn) {
    IncomingMessage incomingMessage = turn.waiting().read();
    return queue.admit(turn, incomingMessage.stream(), incomingMessage.cost());
  }

  private void release(int lane) {
    queue.release(lane, null, null);
  }

  @Test
  void login_withOneMessage_waitsForNoneOfThoseThatAnotherHasSentBefore() throws Exception {
    FairQueue one = new FairQueue(1, limit);
    for (int i = 0; i < 1_000; i++) {
      assertThat(one.add(message("attacker", 1, 1, 200_000))).isTrue();
    }
    for (int i = 0; i < 20; i++) {
      FairQueue.MessageTurn turn = one.take(0);
      assertThat(one.admit(turn, stream(1), 200_000)).isTrue();
      one.release(0, null, null);
    }
    assertThat(one.add(message("honest", 2, 2, 1_000))).isTrue();

    List<String> next = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      FairQueue.MessageTurn turn = one.take(0);
      next.add(turn.waiting().sender().login());
      assertThat(one.admit(turn, turn.waiting().read().stream(), 200_000)).isTrue();
      one.release(0, null, null);
    }
    assertThat(next).contains("honest");
  }

  @Test
  void logins_thatSendAllTheyCan_getTheSameShareByCost_whateverTheSizeOfTheirMessages()
      throws Exception {
    FairQueue one = new FairQueue(1, limit);
    Map<String, Integer> sizes = Map.of("small", 2_000, "middle", 20_000, "large", 250_000);
    Map<String, Long> served = new HashMap<>();
    sizes.forEach(
        (login, bytes) -> {
          for (int i = 0; i < 20_000_000 / bytes; i++) {
            assertThat(one.add(message(login, 1, login.length(), bytes))).isTrue();
          }
        });
    long all = 0;
    while (all < 30_000_000) {
      FairQueue.MessageTurn turn = one.take(0);
      IncomingMessage incomingMessage = turn.waiting().read();
      assertThat(one.admit(turn, null, incomingMessage.cost())).isTrue();
      one.release(0, null, null);
      served.merge(incomingMessage.sender().login(), incomingMessage.cost(), Long::sum);
      all += incomingMessage.cost();
    }
    for (String login : sizes.keySet()) {
      assertThat((double) served.getOrDefault(login, 0L) / all).as(login).isBetween(0.30, 0.37);
    }
  }

  @Test
  void connections_ofOneLogin_shareItsTurns_andTakeNoneOfOthers() throws Exception {
    FairQueue one = new FairQueue(1, limit);
    for (int i = 0; i < 50; i++) {
      for (int connection = 0; connection < 20; connection++) {
        assertThat(one.add(message("many", connection, connection, 10_000))).isTrue();
      }
      assertThat(one.add(message("single", 1, 1_000, 10_000))).isTrue();
    }
    Map<String, Integer> served = new HashMap<>();
    Set<Long> connections = new HashSet<>();
    for (int i = 0; i < 90; i++) {
      FairQueue.MessageTurn turn = one.take(0);
      assertThat(one.admit(turn, null, turn.waiting().read().cost())).isTrue();
      one.release(0, null, null);
      served.merge(turn.waiting().sender().login(), 1, Integer::sum);
      connections.add(turn.waiting().sender().connection());
    }
    assertThat(served.get("single")).isBetween(36, 54);
    assertThat(connections).hasSize(20);
  }

  @Test
  void connection_isInOneLaneAtATime_andItsMessagesKeepTheirOrder() throws Exception {
    for (int i = 1; i <= 3; i++) {
      assertThat(queue.add(message("a", 1, 1, i))).isTrue();
    }
    FairQueue.MessageTurn first = queue.take(0);
    assertThat(admit(first)).isTrue();

    assertThat(poll(1)).as("what is behind it waits").isNull();
    assertThat(Objects.requireNonNull(poll(0)).waiting().bytes()).isEqualTo(2);
    release(0);
    assertThat(queue.take(1).waiting().bytes()).as("any lane goes on").isEqualTo(3);
  }

  @Test
  void stream_ofTwoConnections_isInOneLaneAtATime_andWaitsWithoutBeingReadAgain() throws Exception {
    assertThat(queue.add(message("a", 1, 7, 1))).isTrue();
    FairQueue.MessageTurn first = queue.take(0);
    assertThat(admit(first)).isTrue();
    assertThat(queue.add(message("a", 2, 7, 2))).isTrue();
    assertThat(queue.add(message("b", 3, 8, 3))).isTrue();

    FairQueue.MessageTurn second = queue.take(1);
    boolean secondIsTheSame = second.waiting().sender().connection() == 2;
    assertThat(admit(second)).isEqualTo(!secondIsTheSame);
    FairQueue.MessageTurn third = poll(1);
    assertThat(third == null ? 0 : third.waiting().bytes()).isNotEqualTo(2);
    release(1);
    release(0);

    Set<Integer> left = new HashSet<>();
    for (FairQueue.MessageTurn turn = poll(0); turn != null; turn = poll(0)) {
      left.add(turn.waiting().bytes());
    }
    for (int lane = 0; lane < LANES && queue.waiting() > 0; lane++) {
      left.add(queue.take(lane).waiting().bytes());
    }
    assertThat(left).as("it is not forgotten").contains(2);
    assertThat(queue.waiting()).isZero();
    assertThat(queue.streams()).isZero();
  }

  @Test
  void login_thatCostsTimeForNothing_pauses_andHasItsTurnAgainAfterwards() throws Exception {
    assertThat(queue.add(message("junk", 1, 1, 10))).isTrue();
    FairQueue.MessageTurn first = queue.take(0);
    queue.pause(first.waiting().sender(), 200_000_000);
    release(0);
    assertThat(queue.add(message("junk", 1, 1, 10))).isTrue();
    assertThat(queue.add(message("good", 2, 2, 10))).isTrue();

    assertThat(queue.take(0).waiting().sender().login()).isEqualTo("good");
    release(0);
    assertThat(poll(0)).isNull();
    assertThat(queue.take(0).waiting().sender().login()).as("after its pause").isEqualTo("junk");
  }

  @Test
  void lane_withoutWork_takesThatOfABusyOne() throws Exception {
    for (int i = 0; i < 4; i++) {
      assertThat(queue.add(message("login-" + i, i, i, 10))).isTrue();
    }
    Set<String> served = new HashSet<>();
    // Lane 0 is busy with its first for ever.
    served.add(queue.take(0).waiting().sender().login());
    for (int i = 0; i < 3; i++) {
      served.add(queue.take(1).waiting().sender().login());
      release(1);
    }
    assertThat(served).hasSize(4);
  }

  @Test
  void login_withManyConnections_leavesALaneToOthers_andUsesAllWhenItIsAlone() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertThat(queue.add(message("many", i, i, 10))).isTrue();
    }
    assertThat(queue.take(0).waiting().sender().login()).isEqualTo("many");
    assertThat(queue.take(1).waiting().sender().login()).isEqualTo("many");
    release(1);

    assertThat(queue.add(message("other", 1, 100, 10))).isTrue();
    assertThat(queue.take(1).waiting().sender().login()).isEqualTo("other");
    release(1);
    assertThat(poll(1)).as("lane 0 is the one that it has").isNull();
  }

  @Test
  void messagesOfQos0_beyondTheBound_areDropped_andALoginLeavesHalfOfThemToOthers() {
    int admitted = 0;
    for (int i = 0; i < QosZeroLimit.WAITING; i++) {
      admitted += queue.add(unrepeated("flood")) ? 1 : 0;
    }
    assertThat(admitted).isEqualTo(QosZeroLimit.WAITING / 2);
    assertThat(limit.dropped()).isEqualTo(QosZeroLimit.WAITING / 2);
    assertThat(queue.add(unrepeated("other"))).isTrue();
    assertThat(queue.add(message("flood", 1, 1, 10))).as("of QoS 1").isTrue();
  }

  @Test
  void messages_thatWaitForAStuckLane_areRefused_andOthersAreNot() throws Exception {
    AtomicInteger refused = new AtomicInteger();
    assertThat(queue.add(refusable("stuck", 1, refused))).isTrue();
    var unused = queue.take(0);
    assertThat(queue.add(refusable("stuck", 1, refused))).isTrue();
    assertThat(queue.add(refusable("free", 2, refused))).isTrue();

    assertThat(queue.refuse(lane -> lane == 0)).hasSize(1);
    assertThat(queue.waiting()).isEqualTo(1);
    assertThat(queue.refuse(lane -> true)).hasSize(1);
    assertThat(queue.waiting()).isZero();
    assertThat(refused).hasValue(2);
  }

  @Test
  void messages_whoseSenderHasGone_areLeftOut_beforeTheirTurnComes() throws Exception {
    AtomicInteger refused = new AtomicInteger();
    RefusableMessage gone = new RefusableMessage(refused, /* isGone= */ true);
    Sender sender = new Sender("a", 1);
    assertThat(
            queue.add(
                new Waiting.Unread(
                    sender, gone, /* refusable= */ true, any -> message("a", 1, 1, 1))))
        .isTrue();
    assertThat(queue.add(refusable("a", 2, refused))).isTrue();

    assertThat(queue.leaveOutGone()).hasSize(1);
    assertThat(queue.waiting()).isEqualTo(1);
    assertThat(queue.take(0).waiting().sender().connection()).isEqualTo(2);
    assertThat(refused).hasValue(0);
  }

  private static Waiting refusable(String login, long connection, AtomicInteger refused) {
    return new Waiting.Unread(
        new Sender(login, connection),
        new RefusableMessage(refused, /* isGone= */ false),
        /* refusable= */ true,
        any -> message(login, connection, connection, 1));
  }

  /** Otherwise each stream and connection that ever came would stay in memory. */
  @Test
  void everything_thatComesAndGoes_leavesNothingBehind() throws Exception {
    Random random = new Random(1);
    List<Set<UUID>> hands = List.of(new HashSet<>(), new HashSet<>());
    int added = 0;
    int done = 0;
    while (done < 20_000) {
      if (added < 20_000 && random.nextInt(3) > 0) {
        int login = random.nextInt(5);
        assertThat(
                queue.add(
                    message(
                        "login-" + login, random.nextInt(4), random.nextInt(20), 1 + added % 9)))
            .isTrue();
        added++;
      }
      int lane = random.nextInt(LANES);
      if (random.nextInt(4) == 0 || added == 20_000) {
        hands.get(lane).clear();
        release(lane);
      }
      FairQueue.MessageTurn turn = queue.waiting() == 0 ? null : poll(lane);
      if (turn != null && admit(turn)) {
        UUID stream = Objects.requireNonNull(turn.waiting().read().stream());
        assertThat(hands.get(1 - lane)).as("a stream is in one lane").doesNotContain(stream);
        hands.get(lane).add(stream);
        done++;
      } else if (queue.waiting() > 0
          && hands.get(lane).isEmpty()
          && hands.get(1 - lane).isEmpty()) {
        FairQueue.MessageTurn robbed = queue.take(lane);
        assertThat(admit(robbed)).isTrue();
        hands.get(lane).add(Objects.requireNonNull(robbed.waiting().read().stream()));
        done++;
      }
    }
    release(0);
    release(1);
    assertThat(queue.waiting()).isZero();
    assertThat(queue.streams()).isZero();
    assertThat(queue.lines()).isZero();
    assertThat(taken(0)).isNull();
  }
}
