package io.billingsdk.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.protocol.KeyRecord.Quota;
import io.billingsdk.protocol.KeyRecord.Rate;
import io.billingsdk.protocol.KeyRecord.Status;
import io.billingsdk.protocol.Receipt.Rejection;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class V2MessagesTest {
  private static final UUID STREAM = UUID.fromString("01990000-0000-4000-8000-000000000001");
  private static final V2Topics TOPICS = V2Topics.under("acme/billing");

  @Test
  void receipt_encodedAndDecoded_isTheSame() throws MalformedMessageException {
    Receipt receipt =
        new Receipt(
            STREAM,
            List.of(new SeqRange(101, 103), new SeqRange(105, 105)),
            List.of(new SeqRange(90, 100)),
            List.of(new Rejection(104, "METADATA_TOO_LARGE", /* retryable= */ false)));
    assertThat(Receipt.decode(receipt.encode())).isEqualTo(receipt);
  }

  @Test
  void receipt_rejectionThatDoesNotSayWhetherToRetry_isToBeRetried()
      throws MalformedMessageException {
    String json = "{\"stream\":\"" + STREAM + "\",\"rejected\":[{\"seq\":1,\"code\":\"X\"}]}";
    assertThat(Receipt.decode(json.getBytes(UTF_8)).rejected().get(0).retryable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "{\"stream\":\"1-1-1-1-1\"}",
        "{\"stream\":\"01990000-0000-4000-8000-000000000001\",\"committed\":[[2,1]]}",
        "{\"stream\":\"01990000-0000-4000-8000-000000000001\",\"committed\":[[0,1]]}",
        "{\"stream\":\"01990000-0000-4000-8000-000000000001\",\"committed\":[[1]]}",
        "{\"stream\":\"01990000-0000-4000-8000-000000000001\",\"rejected\":[{\"seq\":1}]}",
        "not JSON"
      })
  void receipt_malformed_isRefused(String json) {
    assertThatThrownBy(() -> Receipt.decode(json.getBytes(UTF_8)))
        .isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void covering_ascendingNumbers_areTheFewestRanges() {
    assertThat(SeqRange.covering(List.of(1L, 2L, 3L, 5L, 8L, 9L)))
        .containsExactly(new SeqRange(1, 3), new SeqRange(5, 5), new SeqRange(8, 9));
    assertThat(SeqRange.covering(List.<Long>of())).isEmpty();
  }

  @Test
  void presence_encodedAndDecoded_isTheSame() throws MalformedMessageException {
    Presence presence = Presence.of(/* online= */ true);
    assertThat(Presence.decode(presence.encode())).isEqualTo(presence);
  }

  @Test
  void presence_withLedger_isTheSameAndReadWithoutOne() throws MalformedMessageException {
    Presence presence = Presence.of(/* online= */ true).withLedger(STREAM);
    assertThat(Presence.decode(presence.encode())).isEqualTo(presence);
    assertThat(new String(presence.encode(), UTF_8)).endsWith(",\"ledger\":\"" + STREAM + "\"}");
    assertThat(Presence.decode(Presence.of(true).encode()).ledger()).isNull();
    String nothing = "{\"online\":true,\"protocol\":2,\"ledger\":null}";
    assertThat(Presence.decode(nothing.getBytes(UTF_8)).ledger()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "\"x\"", "1", "{}", "true"})
  void presence_ledgerIsNoUuid_isMalformed(String ledger) {
    String json = "{\"online\":true,\"protocol\":2,\"ledger\":" + ledger + "}";
    assertThatThrownBy(() -> Presence.decode(json.getBytes(UTF_8)))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessage("ledger must be a UUID");
  }

  @Test
  void presence_withLimitsBeyondOurs_isReadWithOurs() throws MalformedMessageException {
    String json =
        "{\"online\":true,\"protocol\":3,\"max_batch_bytes\":999999999,\"max_batch_events\":-1}";
    assertThat(Presence.decode(json.getBytes(UTF_8)))
        .isEqualTo(new Presence(true, 3, Bounds.BATCH_BYTES, 1));
  }

  @Test
  void hello_encodedAndDecoded_isTheSame() throws MalformedMessageException {
    Hello hello =
        new Hello(
            "1.2.3",
            1_760_000_000_000L,
            STREAM,
            812,
            7,
            /* keysWanted= */ true,
            new Hello.LossEquation(100, 90, 6, 1, 3, 5),
            new Hello.JournalState(true, 4_096, 2, 1, 1_759_000_000_000L),
            List.of(new Hello.Dropped(STREAM, List.of(new SeqRange(1, 3)))));
    assertThat(Hello.decode(hello.encode())).isEqualTo(hello);
  }

  @Test
  void hello_withProofs_encodedAndDecoded_isTheSame() throws MalformedMessageException {
    StreamSecret secret = StreamSecret.of(new byte[] {1}, STREAM);
    Hello hello =
        new Hello(
            "1.2.3",
            1_760_000_000_000L,
            STREAM,
            Bounds.COUNT_MAX,
            7,
            /* keysWanted= */ true,
            new Hello.LossEquation(100, 90, 6, 1, 3, 5),
            new Hello.JournalState(true, 4_096, 2, 1, null),
            List.of(new Hello.Dropped(STREAM, List.of(new SeqRange(1, Bounds.COUNT_MAX)), secret)),
            secret);
    assertThat(Hello.decode(hello.encode())).isEqualTo(hello);
    assertThat(hello.toString()).doesNotContain(secret.hex());
    assertThat(secret.isOf(secret.sha256())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"last_seq\":9007199254740993",
        "\"last_seq\":9223372036854775807",
        "\"last_seq\":9223372036854775808",
        "\"last_seq\":-9223372036854775809",
        "\"last_seq\":1e300",
        "\"keys_version\":9007199254740993",
        "\"loss\":{\"dropped\":9007199254740993}",
        "\"journal\":{\"bytes\":9007199254740993}",
        "\"stream_secret\":\"ab\"",
        "\"stream_secret\":7",
        "\"dropped\":[{\"stream\":\"6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11\",\"ranges\":[[1,9007199254740993]]}]",
        "\"dropped\":[{\"stream\":\"6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11\",\"ranges\":[[1,1e30]]}]",
        "\"dropped\":[{\"stream\":\"6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11\",\"ranges\":[[3,2]]}]"
      })
  void hello_beyondABound_isMalformed(String field) {
    String json = "{\"stream\":\"" + STREAM + "\"," + field + "}";
    assertThatThrownBy(() -> Hello.decode(json.getBytes(UTF_8)))
        .isInstanceOf(MalformedMessageException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-9223372036854775808", "9223372036854775808", "1e300", "\"x\"", "-1"})
  void hello_ofAClockThatMakesNoSense_isReadWithoutATime(String time)
      throws MalformedMessageException {
    String json = "{\"stream\":\"" + STREAM + "\",\"last_seq\":-4,\"sent_at\":" + time + "}";
    Hello hello = Hello.decode(json.getBytes(UTF_8));
    assertThat(hello.sentAtMillis()).isZero();
    assertThat(hello.lastSeq()).isZero();
  }

  @Test
  void hello_withTooManyRanges_isMalformed() {
    String ranges =
        LongStream.rangeClosed(1, Hello.MOST_RANGES + 1)
            .mapToObj(each -> "[" + 2 * each + "," + 2 * each + "]")
            .collect(Collectors.joining(","));
    String json =
        "{\"stream\":\"%1$s\",\"dropped\":[{\"stream\":\"%1$s\",\"ranges\":[%2$s]}]}"
            .formatted(STREAM, ranges);
    assertThatThrownBy(() -> Hello.decode(json.getBytes(UTF_8)))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("1024");
  }

  @Test
  void batch_withAProof_isReadWithIt_bothWays() throws MalformedMessageException {
    StreamSecret secret = StreamSecret.of(new byte[] {1}, STREAM);
    BatchWriter writer = new BatchWriter(STREAM, secret, 5, Bounds.BATCH_BYTES);
    String event = "{\"ts\":1,\"key_id\":\"k\",\"module\":\"m\",\"model\":\"n\",\"usage\":1}";
    assertThat(writer.add(Bounds.COUNT_MAX, event.getBytes(UTF_8))).isTrue();
    assertThat(writer.add(Bounds.COUNT_MAX + 1, event.getBytes(UTF_8))).isTrue();
    byte[] message = writer.toBytes();
    UsageBatch batch = UsageBatch.decodeTree(message);
    assertThat(batch.secret()).isEqualTo(secret);
    assertThat(UsageBatch.decode(message)).isEqualTo(batch);
    assertThat(batch.events().get(0)).isInstanceOf(ReceivedEvent.Valid.class);
    assertThat(batch.events().get(1))
        .isInstanceOfSatisfying(
            ReceivedEvent.Invalid.class,
            each -> assertThat(each.code()).isEqualTo("SEQ_TOO_LARGE"));

    BatchWriter one = new BatchWriter(STREAM, secret, 5, Bounds.BATCH_BYTES);
    assertThat(one.add(1, event.getBytes(UTF_8))).isTrue();
    assertThat(FastBatchParser.read(one.toBytes()))
        .isEqualTo(UsageBatch.decodeTree(one.toBytes()))
        .isNotNull();
  }

  @Test
  void keyFeed_encodedAndDecoded_isTheSame() throws MalformedMessageException {
    KeyRecord full =
        new KeyRecord(
            "k_7f3a",
            "ab".repeat(32),
            "app",
            Status.BLOCKED,
            "unpaid",
            812,
            1_760_000_000_000L,
            List.of("gpt-4*"),
            new Rate(10, 20),
            List.of(
                new Quota("tokens", 1_000, 12, 1_761_000_000_000L, true),
                new Quota(
                    "calls", BigDecimal.TEN, BigDecimal.ZERO, null, false, "customer/acme/calls")));
    KeyRecord least =
        new KeyRecord(
            "k_2",
            "cd".repeat(32),
            "app",
            Status.REMOVED,
            null,
            1,
            null,
            List.of(),
            null,
            List.of());
    KeyFeedMessage change = KeyFeedMessage.change(811, 812, List.of(full, least));
    assertThat(KeyFeedMessage.decode(change.encode())).isEqualTo(change);
  }

  @Test
  void keyFeed_ofQuotas_isExact_andReadsWhatServersOfBeforeWrote()
      throws MalformedMessageException {
    BigDecimal limit = new BigDecimal("9007199254740991.000000000000000001");
    KeyRecord key = keyWith(new Quota("tokens", limit, new BigDecimal("0.10"), null, false));
    KeyFeedMessage change = KeyFeedMessage.change(1, 2, List.of(key));
    String wire = new String(change.encode(), UTF_8);

    assertThat(wire)
        .contains("\"limit\":9007199254740991.000000000000000001,\"used\":0.1,\"overage\"");
    assertThat(KeyFeedMessage.decode(change.encode())).isEqualTo(change);
    String before = wire.replace("9007199254740991.000000000000000001", "1000.0");
    assertThat(KeyFeedMessage.decode(before.getBytes(UTF_8)).keys().get(0).quotas().get(0).limit())
        .isEqualTo(new BigDecimal("1000"));
    String wide = wire.replace("9007199254740991.000000000000000001", "1e999999999");
    assertThat(KeyFeedMessage.decode(wide.getBytes(UTF_8)).keys()).hasSize(1);
  }

  private static KeyRecord keyWith(Quota quota) {
    return new KeyRecord(
        "k_1", "ab".repeat(32), "app", Status.OK, null, 2, null, List.of(), null, List.of(quota));
  }

  @Test
  void keyFeed_withAStatusOfAnotherVersion_isReadAsBlocked() throws MalformedMessageException {
    KeyFeedMessage message = KeyFeedMessage.decode(keys("\"status\":\"suspended\""));
    assertThat(message.keys()).extracting(KeyRecord::status).containsExactly(Status.BLOCKED);
  }

  @Test
  void keyFeed_withAMalformedModel_matchesNoneRatherThanAll() throws MalformedMessageException {
    KeyFeedMessage message = KeyFeedMessage.decode(keys("\"status\":\"ok\",\"models\":[7]"));
    assertThat(message.keys().get(0).models()).containsExactly("");
  }

  @Test
  void keyFeed_withAMalformedEntry_skipsAndCountsIt() throws MalformedMessageException {
    String json = "{\"version\":1,\"keys\":[{\"key_id\":\"k\"},7]}";
    assertThat(KeyFeedMessage.decode(json.getBytes(UTF_8)))
        .isEqualTo(new KeyFeedMessage(false, 1, 0, 1, 1, List.of(), 2));
  }

  @Test
  void keyUpdateOfV1_encodedAndDecoded_isTheSame() throws MalformedMessageException {
    KeyUpdate update =
        new KeyUpdate(
            42, /* protocol= */ 2, List.of(new KeyUpdate.Entry("app", "key", true, "unpaid")), 0);
    assertThat(V1Codec.decodeKeyUpdate(V1Codec.encodeKeyUpdate(update))).isEqualTo(update);
  }

  @Test
  void instanceOf_topicOfAnInstance_isItsName() {
    assertThat(TOPICS.instanceOf(TOPICS.usage("svc-1"))).contains("svc-1");
    assertThat(TOPICS.instanceOf("billing/v2/svc-1/usage")).isEmpty();
    assertThat(TOPICS.instanceOf(TOPICS.usage("svc 1"))).isEmpty();
    assertThat(TOPICS.instanceOf(TOPICS.usage("a/b"))).isEmpty();
    assertThat(TOPICS.instanceOf(TOPICS.keys())).isEmpty();
  }

  private static byte[] keys(String fields) {
    return ("{\"version\":1,\"keys\":[{\"key_id\":\"k\",\"key_sha256\":\""
            + "ab".repeat(32)
            + "\",\"app_id\":\"a\",\"version\":1,"
            + fields
            + "}]}")
        .getBytes(UTF_8);
  }
}
