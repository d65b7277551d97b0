package io.billingsdk.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.protocol.ReceivedEvent.Invalid;
import io.billingsdk.protocol.ReceivedEvent.Valid;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Events from the sender's encoder through a batch to the receiver's decoder. */
final class V2EventsTest {
  private static final UUID STREAM = UUID.fromString("01990000-0000-4000-8000-000000000001");
  private static final String KEY = "bk_live_secret";
  private static final Map<String, Object> METADATA = Map.of("prompt_tokens", 100);

  private static byte[] body(KeyRef key) throws IOException {
    return V2Codec.encode(new V2Event(key, "llm", "gpt-4", 1.5, 1_000, METADATA, "req-42"))
        .orElseThrow();
  }

  private static byte[] v1Body() throws IOException {
    return V1Codec.encode(new V1Event("app", KEY, "llm", "gpt-4", 1.5, 1_000, METADATA))
        .orElseThrow();
  }

  private static UsageBatch batchOf(String events) throws MalformedMessageException {
    return UsageBatch.decode(
        ("{\"stream\":\"" + STREAM + "\",\"events\":[" + events + "]}").getBytes(UTF_8));
  }

  private static ReceivedEvent received(String fields) throws MalformedMessageException {
    return batchOf("{\"seq\":7," + fields + "}").events().get(0);
  }

  @Test
  void batch_ofBothProtocolsBodies_isReadBackEventByEvent() throws IOException {
    BatchWriter writer = new BatchWriter(STREAM, 5, Bounds.BATCH_BYTES);
    assertThat(writer.add(1, body(new KeyRef.KeyId("k_1")))).isTrue();
    assertThat(writer.add(2, body(new KeyRef.KeySha256("a".repeat(64))))).isTrue();
    assertThat(writer.add(9, v1Body())).isTrue();

    UsageBatch batch = UsageBatch.decode(writer.toBytes());

    assertThat(batch.stream()).isEqualTo(STREAM);
    assertThat(batch.sentAtMillis()).isEqualTo(5);
    assertThat(batch.events()).extracting(ReceivedEvent::seq).containsExactly(1L, 2L, 9L);
    Valid first = (Valid) batch.events().get(0);
    assertThat(first.key()).isEqualTo(new KeyRef.KeyId("k_1"));
    assertThat(first.usage()).isEqualByComparingTo(new BigDecimal("1.5"));
    assertThat(first.timestampMillis()).isEqualTo(1_000);
    assertThat(first.metadata()).isEqualTo("{\"prompt_tokens\":100}");
    assertThat(first.idempotencyKey()).isEqualTo("req-42");
    assertThat(((Valid) batch.events().get(2)).key()).isEqualTo(new KeyRef.RawKey(KEY));
  }

  @Test
  void add_beyondTheBound_isRefusedAndTheBatchStaysWithin() throws IOException {
    byte[] body = body(new KeyRef.KeyId("k_1"));
    BatchWriter writer = new BatchWriter(STREAM, 5, 1_000);
    int added = 0;
    while (writer.add(added + 1, body)) {
      added++;
    }
    assertThat(added).isPositive().isEqualTo(writer.events());
    assertThat(writer.toBytes()).hasSize(writer.size()).hasSizeLessThanOrEqualTo(1_000);
    assertThat(UsageBatch.decode(writer.toBytes()).events()).hasSize(added);
  }

  @Test
  void contentHash_ofOneEvent_isTheSameThroughEitherProtocol() throws IOException {
    BatchWriter writer = new BatchWriter(STREAM, 5, Bounds.BATCH_BYTES);
    writer.add(3, v1Body());
    Valid batched = (Valid) UsageBatch.decode(writer.toBytes()).events().get(0);
    V1Message single = V1Message.decode(V1Codec.message(v1Body(), STREAM, 3));

    assertThat(single.stream()).isEqualTo(STREAM);
    assertThat(single.event()).isEqualTo(batched);
  }

  @Test
  void contentHash_whenAnyFieldDiffers_differs() throws IOException {
    List<String> variants =
        List.of(
            "\"key_id\":\"k\",\"module\":\"a\",\"model\":\"b\",\"usage\":1,\"ts\":1",
            "\"key_id\":\"l\",\"module\":\"a\",\"model\":\"b\",\"usage\":1,\"ts\":1",
            "\"key_id\":\"k\",\"module\":\"ab\",\"model\":\"b\",\"usage\":1,\"ts\":1",
            "\"key_id\":\"k\",\"module\":\"a\",\"model\":\"bb\",\"usage\":1,\"ts\":1",
            "\"key_id\":\"k\",\"module\":\"a\",\"model\":\"b\",\"usage\":1.5,\"ts\":1",
            "\"key_id\":\"k\",\"module\":\"a\",\"model\":\"b\",\"usage\":1,\"ts\":2",
            "\"key_id\":\"k\",\"module\":\"a\",\"model\":\"b\",\"usage\":1,\"ts\":1,"
                + "\"metadata\":{\"a\":1}",
            "\"key_id\":\"k\",\"module\":\"a\",\"model\":\"b\",\"usage\":1,\"ts\":1,"
                + "\"idempotency_key\":\"x\"");
    assertThat(variants)
        .extracting(fields -> ((Valid) received(fields)).hash())
        .doesNotHaveDuplicates();
  }

  private static final String PLAIN =
      "\"key_id\":\"k\",\"module\":\"a\",\"model\":\"b\",\"usage\":1,\"ts\":1";

  static Stream<Arguments> wrongDetails() {
    return Stream.of(
        Arguments.of("\"quantities\":[]", "QUANTITIES_MALFORMED", "at most 16"),
        Arguments.of("\"quantities\":7", "QUANTITIES_MALFORMED", "at most 16"),
        Arguments.of(
            "\"quantities\":{\"Tokens\":1}", "QUANTITIES_MALFORMED", "1 to 64 of a-z 0-9 _"),
        Arguments.of("\"quantities\":{\"\":1}", "QUANTITIES_MALFORMED", "1 to 64"),
        Arguments.of(
            "\"quantities\":{\"bk_live_0123456789abcdef\":-1}", "QUANTITIES_MALFORMED", "1 to 64"),
        Arguments.of(
            "\"quantities\":{\"a\":1,\"tokens\":-1}",
            "QUANTITIES_MALFORMED",
            "quantities.tokens must be a number from 0 to 2^53"),
        Arguments.of(
            "\"quantities\":{\"tokens\":\"1\"}", "QUANTITIES_MALFORMED", "quantities.tokens"),
        Arguments.of(
            "\"quantities\":{\"tokens\":null}", "QUANTITIES_MALFORMED", "quantities.tokens"),
        Arguments.of(
            "\"quantities\":{\"tokens\":1e-19}", "QUANTITIES_MALFORMED", "at most 18 decimals"),
        Arguments.of(
            "\"quantities\":{\"tokens\":9007199254740993}", "QUANTITIES_MALFORMED", "2^53"),
        Arguments.of("\"quantities\":{\"tokens\":1e999999999}", "QUANTITIES_MALFORMED", "2^53"),
        Arguments.of("\"subject\":\"\"", "SUBJECT_MALFORMED", "subject must be a text of 1 to 256"),
        Arguments.of("\"session\":7", "SESSION_MALFORMED", "session must be a text of 1 to 256"),
        Arguments.of(
            "\"execution\":\"\\u0000\"",
            "EXECUTION_MALFORMED",
            "execution must be a text of 1 to 256"));
  }

  @ParameterizedTest
  @MethodSource("wrongDetails")
  void read_ofAWrongDetail_namesItAndRefusesThisEventAlone(String field, String code, String why)
      throws IOException {
    UsageBatch batch = batchOf("{\"seq\":7," + PLAIN + "," + field + "},{\"seq\":8," + PLAIN + "}");

    Invalid bad = (Invalid) batch.events().get(0);
    assertThat(bad.code()).isEqualTo(code);
    assertThat(bad.detail()).contains(why).doesNotContain("bk_live_");
    assertThat(batch.events().get(1)).isInstanceOf(Valid.class);
  }

  @Test
  void read_of17Quantities_isRefused_andOf16IsNot() throws IOException {
    assertThat(received(PLAIN + ",\"quantities\":" + quantities(17))).isInstanceOf(Invalid.class);
    assertThat(received(PLAIN + ",\"quantities\":" + quantities(16))).isInstanceOf(Valid.class);
  }

  private static String quantities(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"q_" + i + "\":" + i)
        .collect(Collectors.joining(",", "{", "}"));
  }

  @Test
  void read_ofNoDetails_inAnyForm_isThePlainEvent() throws IOException {
    ReceivedEvent plain = received(PLAIN);
    for (String none :
        List.of("\"quantities\":{}", "\"quantities\":null", "\"subject\":null,\"session\":null")) {
      assertThat(received(PLAIN + "," + none)).isEqualTo(plain);
    }
  }

  @Test
  void hash_ofDetails_knowsEachOfThem_butNotTheirOrderOrForm() throws IOException {
    List<String> variants =
        List.of(
            "\"quantities\":{\"a\":1,\"b\":2}",
            "\"quantities\":{\"a\":2,\"b\":1}",
            "\"quantities\":{\"a\":1}",
            "\"quantities\":{\"ab\":1}",
            "\"subject\":\"a\"",
            "\"session\":\"a\"",
            "\"execution\":\"a\"",
            "\"subject\":\"a\",\"session\":\"b\"",
            "\"subject\":\"ab\"");
    List<String> hashes = new ArrayList<>(List.of(hash(PLAIN)));
    for (String variant : variants) {
      hashes.add(hash(PLAIN + "," + variant));
    }
    assertThat(hashes).doesNotHaveDuplicates();
    assertThat(hash(PLAIN + ",\"quantities\":{\"b\":2.0,\"a\":1e0}")).isEqualTo(hashes.get(1));
  }

  @Test
  void hash_isWhatLedgersHold() throws IOException {
    assertThat(
            hash(
                "\"key_id\":\"k\",\"module\":\"llm\",\"model\":\"gpt-4\",\"usage\":1.0,"
                    + "\"ts\":1760000000000"))
        .isEqualTo("129ed0d12756d25280b0c847b4946b5f");
    assertThat(
            hash(
                "\"key_sha256\":\""
                    + "0a".repeat(32)
                    + "\",\"module\":\"llm\",\"model\":\"größe\",\"usage\":0.250,"
                    + "\"ts\":1760000000000,\"metadata\":{\"a\":1},\"idempotency_key\":\"r-1\""))
        .isEqualTo("560404cd3e18e5aa1d5ed6c677c47764");
  }

  private static String hash(String fields) throws IOException {
    return ((Valid) received(fields)).hash().hex();
  }

  @Test
  void decode_ofPythonsReport_hasNoStream() throws IOException {
    V1Message report =
        V1Message.decode(
            ("{\"app_id\":\"a\",\"api_key\":\"k\",\"module\":\"llm\",\"model\":\"m\",\"usage\":1,"
                    + "\"timestamp\":1760000000000}")
                .getBytes(UTF_8));
    assertThat(report.stream()).isNull();
    assertThat(report.event())
        .isInstanceOf(Valid.class)
        .extracting(ReceivedEvent::seq)
        .isEqualTo(0L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"module\":\"a\",\"model\":\"b\",\"usage\":1,\"ts\":1 | KEY_MALFORMED | key_id",
        "\"key_id\":\"k y\",\"module\":\"a\",\"model\":\"b\",\"usage\":1,\"ts\":1 | KEY_MALFORMED |"
            + " key_id",
        "\"key_id\":\"k\",\"model\":\"b\",\"usage\":1,\"ts\":1 | MODULE_MALFORMED | module",
        "\"key_id\":\"k\",\"module\":\"a\",\"model\":\"\",\"usage\":1,\"ts\":1 | MODEL_MALFORMED |"
            + " model",
        "\"key_id\":\"k\",\"module\":\"a\",\"model\":\"\\u0000\",\"usage\":1,\"ts\":1 |"
            + " MODEL_MALFORMED | model",
        "\"key_id\":\"k\",\"module\":\"a\",\"model\":\"b\",\"usage\":-1,\"ts\":1 | USAGE_MALFORMED"
            + " | usage",
        "\"key_id\":\"k\",\"module\":\"a\",\"model\":\"b\",\"usage\":\"1\",\"ts\":1 |"
            + " USAGE_MALFORMED | usage",
        "\"key_id\":\"k\",\"module\":\"a\",\"model\":\"b\",\"usage\":1e-9999,\"ts\":1 |"
            + " USAGE_MALFORMED | usage",
        "\"key_id\":\"k\",\"module\":\"a\",\"model\":\"b\",\"usage\":1e17,\"ts\":1 |"
            + " USAGE_MALFORMED | usage",
        "\"key_id\":\"k\",\"module\":\"a\",\"model\":\"b\",\"usage\":1,\"ts\":-1 |"
            + " TIMESTAMP_MALFORMED | time",
        "\"key_id\":\"k\",\"module\":\"a\",\"model\":\"b\",\"usage\":1,\"ts\":1e300 |"
            + " TIMESTAMP_MALFORMED | time",
        "\"key_id\":\"k\",\"module\":\"a\",\"model\":\"b\",\"usage\":1,\"ts\":1,\"metadata\":[] |"
            + " METADATA_MALFORMED | metadata",
        "\"key_id\":\"k\",\"module\":\"a\",\"model\":\"b\",\"usage\":1,\"ts\":1,\"metadata\":{\"a\":[[1]]}"
            + " | METADATA_MALFORMED | metadata",
        "\"key_id\":\"k\",\"module\":\"a\",\"model\":\"b\",\"usage\":1,\"ts\":1,\"metadata\":{\"a\":1e-999}"
            + " | METADATA_MALFORMED | metadata",
        "\"key_id\":\"k\",\"module\":\"a\",\"model\":\"b\",\"usage\":1,\"ts\":1,\"idempotency_key\":\"a"
            + " b\" | IDEMPOTENCY_KEY_MALFORMED | idempotency_key",
      })
  void read_ofABadEvent_namesTheFieldAndKeepsTheOthers(String fields, String code, String field)
      throws IOException {
    UsageBatch batch =
        batchOf(
            "{\"seq\":7,"
                + fields.strip()
                + "},{\"seq\":8,\"key_id\":\"k\",\"module\":\"a\",\"model\":\"b\",\"usage\":1,\"ts\":1}");
    Invalid bad = (Invalid) batch.events().get(0);
    assertThat(bad.code()).isEqualTo(code.strip());
    assertThat(bad.detail()).contains(field.strip());
    assertThat(batch.events().get(1)).isInstanceOf(Valid.class);
  }

  @Test
  void read_ofABadEventWithARawKey_masksTheKey() throws IOException {
    Invalid bad = (Invalid) received("\"api_key\":\"" + KEY + "\",\"module\":\"a\"");
    assertThat(bad.json()).contains("***").doesNotContain(KEY);
    assertThat(bad.toString()).doesNotContain(KEY);
    assertThat(new KeyRef.RawKey(KEY).toString()).doesNotContain(KEY);
  }

  @Test
  void decode_ofMutatedBatches_neverThrowsAnythingElse() throws IOException {
    long seed = 42;
    Random random = new Random(seed);
    BatchWriter writer = new BatchWriter(STREAM, 5, Bounds.BATCH_BYTES);
    writer.add(1, body(new KeyRef.KeyId("k_1")));
    writer.add(2, v1Body());
    byte[] message = writer.toBytes();
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] mutated = message.clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        mutated[random.nextInt(mutated.length)] = (byte) (32 + random.nextInt(96));
      }
      try {
        read += UsageBatch.decode(mutated).events().size();
      } catch (MalformedMessageException refused) {
        assertThat(refused.getMessage()).as("seed %d, try %d", seed, i).doesNotContain(KEY);
      }
    }
    assertThat(read).isPositive();
  }

  @Test
  void expand_ofABomb_isRefusedAtTheBound() throws IOException {
    byte[] bomb = Gzip.compress(new byte[4 << 20]);
    assertThat(bomb.length).isLessThan(Bounds.BATCH_BYTES);
    assertThatThrownBy(() -> Gzip.expand(bomb, Bounds.BATCH_BYTES))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("262144");
    byte[] text = "usage".repeat(100).getBytes(UTF_8);
    assertThat(Gzip.expand(Gzip.compress(text), text.length)).isEqualTo(text);
  }
}
