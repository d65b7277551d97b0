package io.billingsdk.server.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.LeaseGrant;
import io.billingsdk.protocol.LeaseGrant.Refusal;
import io.billingsdk.protocol.LeaseRequest;
import io.billingsdk.protocol.LeaseRequest.Ask;
import io.billingsdk.server.common.Counts;
import io.billingsdk.server.common.Counts.Family;
import io.billingsdk.server.db.DatabaseException;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests for leases, between the wire and who grants them. */
final class LeaseDeskTest {
  private static final UUID STREAM = UUID.fromString("01990000-0000-4000-8000-000000000001");
  private static final UUID LEDGER = UUID.fromString("01990000-0000-4000-8000-00000000000a");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Map<String, byte[]> sent = new ConcurrentHashMap<>();
  private final List<InstanceLeases.LeaseQuestion> asked = new CopyOnWriteArrayList<>();
  private final Counts counts = new Counts();
  private LeaseDesk desk;

  private final InstanceLeases leases =
      new InstanceLeases() {
        @Override
        public List<LeaseAnswer> ask(String instance, LeaseQuestion question) {
          asked.add(question);
          if (instance.equals("away")) {
            throw new DatabaseException(new SQLException("the database is away"));
          }
          if (instance.equals("defect")) {
            throw new IllegalStateException("planted");
          }
          LeaseTerms terms =
              new LeaseTerms(
                  "q",
                  "0199-1",
                  new BigDecimal("7"),
                  1_000,
                  Instant.EPOCH,
                  Instant.ofEpochMilli(5),
                  // Beyond what the wire can say.
                  new BigDecimal("1e30"),
                  new BigDecimal("-3"),
                  /* isUnknown= */ false,
                  /* isExhausted= */ true,
                  9);
          RatePart part = new RatePart("k_1", 2, BigDecimal.ONE, 1, 0, false, true);
          return List.of(
              new LeaseAnswer(
                  instance, question.stream(), question.number(), List.of(terms), List.of()),
              new LeaseAnswer("other", STREAM, 0, List.of(), List.of(part)));
        }

        @Override
        public void heard(String instance, UUID stream, boolean isEmpty) {}
      };

  @BeforeEach
  void open() {
    KeyPublisher publisher =
        new KeyPublisher() {
          @Override
          public CompletableFuture<Void> publish(String topic, byte[] message) {
            sent.put(topic, message);
            return CompletableFuture.completedFuture(null);
          }

          @Override
          public CompletableFuture<Integer> queued(String instance) {
            return CompletableFuture.completedFuture(0);
          }
        };
    desk = new LeaseDesk(leases, "billing", LEDGER, publisher, counts);
    desk.start();
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private static byte[] request() {
    Ask ask =
        new Ask("q", "0199-1", BigDecimal.ONE, BigDecimal.TEN, LeaseRequest.Holding.OPEN, 1_000L);
    return new LeaseRequest(3, STREAM, null, List.of(ask), List.of(), List.of()).encode();
  }

  @Test
  void asked_isAnswered_andOthersHearWhatChangesForThem() throws Exception {
    assertThat(desk.asked("i-1", request())).isZero();
    await().atMost(PATIENCE).until(() -> sent.size() == 2);
    LeaseGrant own = LeaseGrant.decode(requireNonNull(sent.get("billing/v2/i-1/leases")));
    LeaseGrant other = LeaseGrant.decode(requireNonNull(sent.get("billing/v2/other/leases")));

    assertThat(asked.get(0).quotas().get(0).at()).isEqualTo(Instant.ofEpochMilli(1_000));
    assertThat(own.request()).isEqualTo(3);
    assertThat(own.ledger()).isEqualTo(LEDGER);
    assertThat(own.leases().get(0).refusal()).isEqualTo(Refusal.EXHAUSTED);
    assertThat(own.leases().get(0).limit()).isEqualTo(BigDecimal.valueOf(1L << 53));
    assertThat(own.leases().get(0).used()).isEqualByComparingTo(BigDecimal.ZERO);
    assertThat(other.request()).isZero();
    assertThat(other.rates().get(0).confirm()).isTrue();
  }

  @Test
  void asked_malformedOrWhileTheDatabaseIsAway_theNextIsAnswered() {
    var unused = desk.asked("i-1", "{\"request\":0}".getBytes(UTF_8));
    var unusedToo = desk.asked("away", request());
    var unusedThree = desk.asked("defect", request());
    assertThat(desk.asked("i-1", new byte[Bounds.LEASE_BYTES + 1])).isPositive();
    var unusedFour = desk.asked("i-2", request());

    await().atMost(PATIENCE).until(() -> sent.containsKey("billing/v2/i-2/leases"));
    assertThat(sent).doesNotContainKeys("billing/v2/i-1/leases", "billing/v2/away/leases");
    await().atMost(PATIENCE).until(() -> counts.of(Family.LEASE_REQUESTS, "answered") == 1);
    assertThat(counts.of(Family.LEASE_REQUESTS, "malformed")).isEqualTo(2);
    assertThat(counts.of(Family.LEASE_REQUESTS, "failed")).isEqualTo(2);
    counts.each(Family.HELLOS, (fate, count) -> assertThat(count.sum()).as(fate).isZero());
  }
}
