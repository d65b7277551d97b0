package io.billingsdk.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.protocol.ReceivedEvent.Valid;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The wire, byte for byte, against files that are kept. {@code v1-events} and {@code v2-events} are
 * of the SDK before events had quantities, and never change; {@code read-before} is what the reader
 * of then made of {@code v2-events-detailed}, which is of now.
 */
final class GoldenWireTest {
  private static final UUID STREAM = UUID.fromString("01990000-0000-4000-8000-000000000001");

  @Test
  void encode_ofEventsWithoutDetails_isByteForByteAsBeforeTheyHadAny() throws IOException {
    List<String> v1 = new ArrayList<>();
    for (V1Event event : GoldenEvents.v1()) {
      v1.add(new String(V1Codec.encode(event).orElseThrow(), UTF_8));
    }
    List<String> v2 = new ArrayList<>();
    for (V2Event event : GoldenEvents.v2()) {
      v2.add(new String(V2Codec.encode(event).orElseThrow(), UTF_8));
    }

    assertThat(v1).isEqualTo(lines("v1-events.jsonl"));
    assertThat(v2).isEqualTo(lines("v2-events.jsonl"));
  }

  @Test
  void encode_ofEventsWithDetails_isAsInTheFile() throws IOException {
    assertThat(detailedBodies()).isEqualTo(lines("v2-events-detailed.jsonl"));
  }

  @Test
  void message_ofProtocolV1_hasNoDetails_andIsByteForByteThatOfTheSameEventWithout()
      throws IOException {
    List<V1Event> plain = GoldenEvents.v1();
    for (int i = 0; i < plain.size(); i++) {
      V1Event without = plain.get(i);
      V1Event with = detailed(without, GoldenEvents.QUANTITIES.get(i), GoldenEvents.USED_BY.get(i));
      byte[] journaled = V1Codec.encode(with).orElseThrow();

      assertThat(V1Codec.message(journaled, STREAM, 7))
          .asString(UTF_8)
          .isEqualTo("{\"stream\":\"" + STREAM + "\",\"seq\":7," + golden(i).substring(1));
    }
  }

  @Test
  void batch_ofEventsJournaledForV1_hasTheirDetails() throws IOException {
    V1Event event =
        detailed(
            GoldenEvents.v1().get(5), GoldenEvents.QUANTITIES.get(5), GoldenEvents.USED_BY.get(5));
    BatchWriter writer = new BatchWriter(STREAM, 5, Bounds.BATCH_BYTES);
    writer.add(1, V1Codec.encode(event).orElseThrow());
    Valid read = (Valid) UsageBatch.decode(writer.toBytes()).events().get(0);

    assertThat(read.quantities()).isEqualTo(event.quantities()).isNotEmpty();
    assertThat(read.usedBy()).isEqualTo(event.usedBy());
  }

  /**
   * What the reader before quantities made of events with them: it ignored what it did not know.
   */
  @Test
  void read_byAnOlderServer_ignoresTheDetails() throws IOException {
    List<String> now = new ArrayList<>();
    for (ReceivedEvent event : batch(lines("v2-events-detailed.jsonl")).events()) {
      Valid valid = (Valid) event;
      now.add(summary(withoutDetails(valid)));
    }

    assertThat(now).isEqualTo(lines("read-before.txt"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1-events.jsonl", "v2-events.jsonl"})
  void read_ofOlderSdksEvents_hasNoDetails(String file) throws IOException {
    List<ReceivedEvent> events = batch(lines(file)).events();

    assertThat(events).hasSize(GoldenEvents.v1().size());
    for (int i = 0; i < events.size(); i++) {
      Valid valid = (Valid) events.get(i);
      assertThat(valid.usage()).isEqualByComparingTo(GoldenEvents.v1().get(i).usage());
      assertThat(valid.quantities()).isEmpty();
      assertThat(valid.usedBy()).isSameAs(UsedBy.UNKNOWN);
    }
  }

  @Test
  void read_ofDetails_isExact() throws IOException {
    List<ReceivedEvent> events = batch(lines("v2-events-detailed.jsonl")).events();
    for (int i = 0; i < events.size(); i++) {
      Valid valid = (Valid) events.get(i);
      Map<String, BigDecimal> sent = GoldenEvents.QUANTITIES.get(i);
      assertThat(valid.quantities().keySet()).containsExactlyElementsOf(sent.keySet());
      sent.forEach(
          (name, quantity) ->
              assertThat(valid.quantities().get(name)).isEqualByComparingTo(quantity));
      assertThat(valid.usedBy()).isEqualTo(GoldenEvents.USED_BY.get(i));
    }
  }

  private static List<String> detailedBodies() throws IOException {
    List<String> bodies = new ArrayList<>();
    List<V2Event> plain = GoldenEvents.v2();
    for (int i = 0; i < plain.size(); i++) {
      V2Event event = plain.get(i);
      V2Event detailed =
          new V2Event(
              event.key(),
              event.module(),
              event.model(),
              event.usage(),
              event.timestampMillis(),
              event.metadata(),
              event.idempotencyKey(),
              GoldenEvents.QUANTITIES.get(i),
              GoldenEvents.USED_BY.get(i));
      bodies.add(new String(V2Codec.encode(detailed).orElseThrow(), UTF_8));
    }
    return bodies;
  }

  private static V1Event detailed(
      V1Event event, Map<String, BigDecimal> quantities, UsedBy usedBy) {
    return new V1Event(
        event.appId(),
        event.apiKey(),
        event.module(),
        event.model(),
        event.usage(),
        event.timestampMillis(),
        event.metadata(),
        event.idempotencyKey(),
        new LinkedHashMap<>(quantities),
        usedBy);
  }

  private static Valid withoutDetails(Valid valid) {
    return EventReader.hashed(
        new ContentHasher(),
        valid.seq(),
        valid.key(),
        valid.module(),
        valid.model(),
        valid.usage(),
        valid.timestampMillis(),
        valid.metadata(),
        valid.idempotencyKey(),
        Map.of(),
        UsedBy.UNKNOWN,
        List.of());
  }

  private static String summary(Valid event) {
    return String.join(
        "|",
        Long.toString(event.seq()),
        event.key().toString(),
        event.module(),
        event.model(),
        event.usage().toPlainString(),
        Long.toString(event.timestampMillis()),
        String.valueOf(event.metadata()),
        String.valueOf(event.idempotencyKey()),
        event.hash().hex());
  }

  private static UsageBatch batch(List<String> bodies) throws IOException {
    BatchWriter writer = new BatchWriter(STREAM, 5, Bounds.BATCH_BYTES);
    for (int i = 0; i < bodies.size(); i++) {
      assertThat(writer.add(i + 1, bodies.get(i).getBytes(UTF_8))).isTrue();
    }
    return UsageBatch.decode(writer.toBytes());
  }

  private static String golden(int line) throws IOException {
    return lines("v1-events.jsonl").get(line);
  }

  private static List<String> lines(String file) throws IOException {
    try (InputStream in = GoldenWireTest.class.getResourceAsStream("/wire/" + file)) {
      assertThat(in).as(file).isNotNull();
      return new String(in.readAllBytes(), UTF_8).lines().toList();
    }
  }
}
