package io.billingsdk.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.protocol.LeaseGrant.Lease;
import io.billingsdk.protocol.LeaseGrant.RateShare;
import io.billingsdk.protocol.LeaseGrant.Refusal;
import io.billingsdk.protocol.LeaseRequest.Ask;
import io.billingsdk.protocol.LeaseRequest.Demand;
import io.billingsdk.protocol.LeaseRequest.Holding;
import io.billingsdk.protocol.LeaseRequest.Refusals;
import io.billingsdk.protocol.ReceivedEvent.Valid;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests for leases and their answers, byte for byte against a file that is kept. */
final class LeaseMessagesTest {
  private static final UUID STREAM = UUID.fromString("01990000-0000-4000-8000-000000000001");
  private static final UUID LEDGER = UUID.fromString("01990000-0000-4000-8000-00000000000a");
  private static final V2Topics TOPICS = V2Topics.under("billing");
  private static final BigDecimal ZERO = BigDecimal.ZERO;

  private static final LeaseRequest REQUEST =
      new LeaseRequest(
          17,
          STREAM,
          StreamSecret.ofHex("0b".repeat(32)),
          List.of(
              new Ask(
                  "customer/acme/calls",
                  null,
                  ZERO,
                  new BigDecimal("20"),
                  Holding.OPEN,
                  1_764_547_200_000L),
              new Ask("key/k_1/amount", "0199-7", new BigDecimal("12.50"), ZERO, Holding.CLOSED),
              new Ask("key/k_1/calls", "0199-8", new BigDecimal("300"), ZERO, Holding.DONE)),
          List.of(new Demand("k_1", 7, 31)),
          List.of(new Refusals("k_1", "QUOTA", 3)));

  private static final LeaseRequest LEAST =
      new LeaseRequest(1, STREAM, null, List.of(), List.of(), List.of());

  private static final LeaseGrant GRANT =
      new LeaseGrant(
          17,
          STREAM,
          LEDGER,
          List.of(
              new Lease(
                  "customer/acme/calls",
                  "0199-9",
                  new BigDecimal("120"),
                  30_000,
                  1_761_955_200_000L,
                  1_764_547_200_000L,
                  new BigDecimal("1000"),
                  new BigDecimal("880"),
                  null,
                  0),
              new Lease(
                  "key/k_1/amount",
                  null,
                  ZERO,
                  0,
                  1_761_955_200_000L,
                  1_764_547_200_000L,
                  new BigDecimal("25.000000000000000001"),
                  new BigDecimal("25.000000000000000001"),
                  Refusal.EXHAUSTED,
                  1_500),
              new Lease("key/gone/calls", null, ZERO, 0, 0, 0, null, ZERO, Refusal.UNKNOWN, 0)),
          List.of(new RateShare("k_1", 8, new BigDecimal("2.5"), 5, 5_000, true, true)));

  @Test
  void encode_ofRequestsAndGrants_isAsInTheFile() throws IOException {
    assertThat(
            List.of(
                new String(REQUEST.encode(), UTF_8),
                new String(LEAST.encode(), UTF_8),
                new String(GRANT.encode(), UTF_8)))
        .isEqualTo(lines("v2-leases.jsonl"));
  }

  @Test
  void decode_ofTheFile_saysTheSame() throws IOException {
    List<String> lines = lines("v2-leases.jsonl");

    assertThat(LeaseRequest.decode(lines.get(0).getBytes(UTF_8)).encode())
        .isEqualTo(REQUEST.encode());
    assertThat(LeaseRequest.decode(lines.get(1).getBytes(UTF_8))).isEqualTo(LEAST);
    assertThat(LeaseGrant.decode(lines.get(2).getBytes(UTF_8))).isEqualTo(GRANT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"request\":0}|request must be a whole number from 1 to 2^53",
        "{\"request\":1.5}|request must be a whole number from 1 to 2^53",
        "{\"request\":9007199254740993}|request must be a whole number from 1 to 2^53",
        "{\"leases\":{}}|leases must be a list of at most 256",
        "{\"leases\":[{}]}|quota must be a text of 1 to 256 printable ASCII characters",
        "{\"leases\":[{\"quota\":\"a b\"}]}|quota must be a text of 1 to 256",
        "{\"leases\":[{\"quota\":\"q\",\"epoch\":\"a/b\"}]}|epoch must be 1 to 64 of",
        "{\"leases\":[{\"quota\":\"q\",\"spent\":-1}]}|spent must be a number from 0 to 2^53",
        "{\"leases\":[{\"quota\":\"q\",\"want\":1e400}]}|want must be a number from 0 to 2^53",
        "{\"leases\":[{\"quota\":\"q\",\"want\":\"1\"}]}|want must be a number from 0 to 2^53",
        "{\"leases\":[{\"quota\":\"q\",\"holding\":\"x\"}]}|holding must be open, closed or done",
        "{\"rates\":[{\"key_id\":\"k 1\"}]}|key_id must be 1 to 64 of",
        "{\"rates\":[{\"key_id\":\"k\",\"asked\":-1}]}|asked must be a whole number from 0",
        "{\"refusals\":[{\"key_id\":\"k\",\"reason\":\"quota\"}]}|reason must be 1 to 64 of A-Z",
      })
  void request_beyondABound_isRefusedWithTheFieldAndTheBound(String json, String expected) {
    String base = json.contains("\"request\"") ? "" : "\"request\":1,";
    String message = "{" + base + "\"stream\":\"" + STREAM + "\"," + json.substring(1);

    assertThatThrownBy(() -> LeaseRequest.decode(message.getBytes(UTF_8)))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void request_withMoreEntriesThanTheBound_isRefused() {
    Ask ask = new Ask("q", null, ZERO, ZERO, Holding.OPEN);
    LeaseRequest large =
        new LeaseRequest(
            1,
            STREAM,
            null,
            Collections.nCopies(Bounds.LEASE_ENTRIES + 1, ask),
            List.of(),
            List.of());

    assertThatThrownBy(() -> LeaseRequest.decode(large.encode()))
        .hasMessageContaining("leases must be a list of at most 256");
    assertThatThrownBy(() -> LeaseRequest.decode(new byte[Bounds.LEASE_BYTES + 1]))
        .hasMessageContaining("at most 131072 bytes");
  }

  @Test
  void grant_withAReasonThatThisVersionDoesNotKnow_isRefusedForAnUnknownOne() throws IOException {
    String message =
        lines("v2-leases.jsonl").get(2).replace("\"EXHAUSTED\"", "\"OF_A_LATER_VERSION\"");

    assertThat(LeaseGrant.decode(message.getBytes(UTF_8)).leases().get(1).refusal())
        .isEqualTo(Refusal.UNKNOWN);
  }

  @Test
  void topics_ofLeases_belongToTheirInstance() {
    assertThat(TOPICS.leaseRequests("i-1")).isEqualTo("billing/v2/i-1/lease-requests");
    assertThat(TOPICS.leases("i-1")).isEqualTo("billing/v2/i-1/leases");
    assertThat(TOPICS.instanceOf(TOPICS.leaseRequests("i-1"))).contains("i-1");
    assertThat(V2Topics.isLeaseRequests(TOPICS.leaseRequests("i-1"))).isTrue();
    assertThat(V2Topics.isLeaseRequests(TOPICS.hello("lease-requests"))).isFalse();
  }

  @Test
  void event_withAdmission_hasItBehindItsDetails_andTheHashOfTheSameEventWithout()
      throws IOException {
    Valid with = read(event(List.of("0199-9", "0199-8")));
    Valid without = read(event(List.of()));

    assertThat(new String(V2Codec.encode(event(List.of("0199-9"))).orElseThrow(), UTF_8))
        .endsWith(",\"subject\":\"user-7\",\"admission\":[\"0199-9\"]}");
    assertThat(with.admission()).containsExactly("0199-9", "0199-8");
    assertThat(without.admission()).isEmpty();
    assertThat(with.hash()).isEqualTo(without.hash());
    assertThat(with.withSeq(9).admission()).isEqualTo(with.admission());
    assertThat(with.withIdempotencyKey("x").admission()).isEqualTo(with.admission());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"\"e\"", "[\"\"]", "[\"a b\"]", "[7]", "[\"e\",\"e\"]", "{\"e\":1}"})
  void event_withAMalformedAdmission_isRefusedAlone(String admission) throws IOException {
    String body = new String(V2Codec.encode(event(List.of())).orElseThrow(), UTF_8);
    BatchWriter writer = new BatchWriter(STREAM, 5, Bounds.BATCH_BYTES);
    writer.add(
        1,
        body.replace("\"subject\"", "\"admission\":" + admission + ",\"subject\"").getBytes(UTF_8));
    writer.add(2, body.getBytes(UTF_8));
    List<ReceivedEvent> events = UsageBatch.decode(writer.toBytes()).events();

    assertThat(events.get(0))
        .isInstanceOfSatisfying(
            ReceivedEvent.Invalid.class,
            refused -> assertThat(refused.code()).isEqualTo("ADMISSION_MALFORMED"));
    assertThat(events.get(1)).isInstanceOf(Valid.class);
  }

  private static V2Event event(List<String> admission) {
    return new V2Event(
        new KeyRef.KeyId("k_1"),
        "llm",
        "gpt-4",
        BigDecimal.ONE,
        1_000,
        null,
        null,
        Map.of(),
        UsedBy.of("user-7", null, null),
        admission);
  }

  private static Valid read(V2Event event) throws IOException {
    BatchWriter writer = new BatchWriter(STREAM, 5, Bounds.BATCH_BYTES);
    writer.add(1, V2Codec.encode(event).orElseThrow());
    byte[] message = writer.toBytes();
    UsageBatch quick = FastBatchParser.read(message);
    assertThat(quick).isEqualTo(UsageBatch.decodeTree(message));
    return (Valid) UsageBatch.decode(message).events().get(0);
  }

  private static List<String> lines(String file) throws IOException {
    try (InputStream in = LeaseMessagesTest.class.getResourceAsStream("/wire/" + file)) {
      assertThat(in).as(file).isNotNull();
      return new String(in.readAllBytes(), UTF_8).lines().toList();
    }
  }
}
