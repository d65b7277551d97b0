package io.billingsdk.server.costs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.billingsdk.server.ledger.AppendedEvent.AppendKind;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text of a batch in the queue. Each text of the events is there once and events name it by its
 * number, since the intake writes this text in its transaction and waits for each byte of it.
 */
final class QueuedBatch {
  private static final String TEXTS = "texts";
  private static final String EVENTS = "events";

  /** Fields of an event before its quantities, which are pairs of a name and a number. */
  private static final int FIELDS = 13;

  private static final JsonFactory FACTORY = new JsonFactory();

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /** Queues of earlier versions have a list of events with the names of their fields. */
  private static final TypeReference<List<QueuedEvent>> LIST = new TypeReference<>() {};

  /** The number of a text that is not there. */
  private static final int NONE = -1;

  private final Map<String, Integer> numbers = new LinkedHashMap<>();

  // Those of the event before.
  private long seq;
  private long atMillis;

  private QueuedBatch() {}

  static String write(List<QueuedEvent> events) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      new QueuedBatch().write(json, events);
    } catch (IOException impossible) {
      throw new UncheckedIOException("an event of the ledger is no JSON", impossible);
    }
    return text.toString();
  }

  private void write(JsonGenerator json, List<QueuedEvent> events) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart(EVENTS);
    for (QueuedEvent each : events) {
      write(json, each);
    }
    json.writeEndArray();
    json.writeArrayFieldStart(TEXTS);
    for (String each : numbers.keySet()) {
      json.writeString(each);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void write(JsonGenerator json, QueuedEvent event) throws IOException {
    json.writeStartArray();
    json.writeNumber(event.streamId());
    // Differences are shorter. They may overflow: the sum overflows back.
    json.writeNumber(event.seq() - seq);
    json.writeNumber(event.atMillis() - atMillis);
    seq = event.seq();
    atMillis = event.atMillis();
    text(json, event.kind().name());
    // As a text: 1.50 stays 1.50.
    text(json, event.usage().toPlainString());
    text(json, event.app());
    text(json, event.key());
    text(json, event.module());
    text(json, event.model());
    text(json, event.metadata());
    text(json, event.subject());
    text(json, event.session());
    text(json, event.execution());
    if (event.quantities() != null) {
      for (Map.Entry<String, BigDecimal> each : event.quantities().entrySet()) {
        text(json, each.getKey());
        text(json, each.getValue().toPlainString());
      }
    }
    json.writeEndArray();
  }

  private void text(JsonGenerator json, @Nullable String text) throws IOException {
    if (text == null) {
      json.writeNumber(NONE);
    } else {
      Integer next = numbers.size();
      Integer known = numbers.putIfAbsent(text, next);
      json.writeNumber(known == null ? next : known);
    }
  }

  static List<QueuedEvent> read(String text) {
    try {
      JsonNode batch = JSON.readTree(text);
      if (batch.isArray()) {
        return JSON.convertValue(batch, LIST);
      }
      JsonNode texts = batch.path(TEXTS);
      List<QueuedEvent> events = new ArrayList<>();
      long seq = 0;
      long atMillis = 0;
      for (JsonNode each : batch.path(EVENTS)) {
        seq += each.required(1).longValue();
        atMillis += each.required(2).longValue();
        events.add(new Fields(each, texts).read(seq, atMillis));
      }
      return events;
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("the queue of costs is malformed", impossible);
    }
  }

  /** The fields of an event, in the order in which they are written. */
  private record Fields(JsonNode event, JsonNode texts) {
    QueuedEvent read(long seq, long atMillis) {
      return new QueuedEvent(
          AppendKind.valueOf(required(3)),
          event.required(0).intValue(),
          seq,
          atMillis,
          text(5),
          text(6),
          text(7),
          text(8),
          new BigDecimal(required(4)),
          text(9),
          quantities(),
          text(10),
          text(11),
          text(12));
    }

    private int number(int field) {
      return event.required(field).intValue();
    }

    private String required(int field) {
      return texts.required(number(field)).textValue();
    }

    private @Nullable String text(int field) {
      return number(field) == NONE ? null : required(field);
    }

    private Map<String, BigDecimal> quantities() {
      Map<String, BigDecimal> quantities = new LinkedHashMap<>();
      for (int i = FIELDS; i < event.size(); i += 2) {
        quantities.put(required(i), new BigDecimal(required(i + 1)));
      }
      return quantities;
    }
  }
}
